import pg from 'pg';
import { openDatabase } from '@/lib/db/core/client';
import { tenantDirectory } from '@/lib/db/tenants/tenant-directory';
import type { TenantQuery } from '@/lib/domain/tenants/ports';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { interleaved, p95Of, quantile, report } from './harness';
import { type BenchPortal, startBenchPortal } from './portal';

// p95 at 16 connections with 10,000 tenants against 100, each in a database of its own. Measured for `/admin/tenants` as an
// administrator reads it from the production portal. The list alone, as the repository reads it, is printed too: the first
// page and the one after it, of both orders, a search and a filter.
const most = 1.3;
const connections = 16;
const rounds = 5;
const sizes = { small: 100, large: 10_000 } as const;
type Size = keyof typeof sizes;
const each = ['small', 'large'] as const;

const views: Readonly<Record<string, Omit<TenantQuery, 'limit'>>> = {
  name: { sort: 'name', direction: 'asc' },
  newest: { sort: 'since', direction: 'desc' },
  suspended: { sort: 'since', direction: 'desc', state: 'suspended' },
  search: { sort: 'name', direction: 'asc', search: 'tenant 00000' },
};

const databases: Partial<Record<Size, TestDatabase>> = {};
const portals: Partial<Record<Size, BenchPortal>> = {};
try {
  for (const size of each) {
    databases[size] = await startTestDatabase([], { durable: true });
    await fill(databases[size].adminUrl, sizes[size]);
    portals[size] = await startBenchPortal(databases[size].portalUrl);
  }
  const cookies = {
    small: (await portals.small?.signedInAdmin()) ?? '',
    large: (await portals.large?.signedInAdmin()) ?? '',
  };
  const link = 'href="/admin/tenants/t';
  const page = await compared(
    async (size) =>
      (await portals[size]?.p95('/admin/tenants', cookies[size], connections, 10, link)) ?? Number.NaN,
  );
  report({ bench: 'tenants-list', ...page, most });
  const figures: Record<string, number> = {};
  for (const [name, view] of Object.entries(views)) {
    const { ratio, figures: ms } = await compared(() => p95OfList(view));
    Object.assign(figures, {
      [`${name}SmallMs`]: ms.smallMs,
      [`${name}LargeMs`]: ms.largeMs,
      [`${name}Ratio`]: ratio,
    });
  }
  console.log(JSON.stringify({ bench: 'tenants-list-read', figures }));
} finally {
  for (const size of each) {
    await portals[size]?.stop();
    await databases[size]?.stop();
  }
}

/** The median of `p95` at each size, ms, measured in turn. */
async function compared(p95: (size: Size) => Promise<number>) {
  const found: Record<Size, number[]> = { small: [], large: [] };
  await interleaved(
    rounds,
    each.map((size) => ({
      name: size,
      prepare: () => openDatabase(databases[size]?.portalUrl ?? ''),
      run: async () => void found[size].push(await p95(size)),
    })),
  );
  const [smallMs = Number.NaN, largeMs = Number.NaN] = each.map((size) =>
    quantile(found[size].slice(1), 0.5),
  );
  return { ratio: largeMs / smallMs, figures: { smallMs, largeMs } };
}

/** p95 of the first page and of a page from its cursor, ms. */
function p95OfList(view: Omit<TenantQuery, 'limit'>): Promise<number> {
  const limit = 50;
  return p95Of(connections, 8, async () => {
    const page = await tenantDirectory().list({ ...view, limit });
    if (page.tenants.length === 0) throw new Error('an empty page is no measure');
    if (page.next) await tenantDirectory().list({ ...view, limit, cursor: page.next });
  });
}

/** Every twentieth tenant is suspended. */
async function fill(adminUrl: string, count: number): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(
    `INSERT INTO tenant (id, name, state, account_id, created_at)
     SELECT 't' || lpad(n::text, 6, '0'), 'Tenant ' || lpad(n::text, 6, '0'), CASE n % 20 WHEN 0 THEN 'suspended' ELSE 'active' END,
       lpad(n::text, 12, '0'), now() - n * interval '1 minute' FROM generate_series(1, $1::int) n`,
    [count],
  );
  await admin.query('VACUUM ANALYZE tenant');
  await admin.end();
}
