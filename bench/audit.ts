import { auditTrail, auditTrails } from '@/lib/db/core/audit-trail';
import { closeDatabase, openDatabase } from '@/lib/db/core/client';
import type { AuditQuery } from '@/lib/domain/audit/ports';
import { startTestPostgres, type TestDatabase } from '@/local/testing/postgres';
import { interleaved, quantile, report, timesOf } from './harness';
import { type BenchPortal, startBenchPortal } from './portal';

// p95 with 10^6 audit rows against 10^3, each in a database of its own, where one tenant has them all: of `/audit` as an owner reads
// it from the production portal, and of `/admin/audit`, the first page and filtered ones; then of the lists alone as the repository
// reads them, because rendering can hide a slower statement. Last, what a chain costs the commit of an audit row.
const most = 1.3;
const connections = 4;
/** Short and many, so that a slow phase of the machine is one of both sizes. */
const rounds = 20;
const tenant = 'acme';
const sizes = { small: 1_000, large: 1_000_000 } as const;
type Size = keyof typeof sizes;

const pages: Readonly<Record<string, string>> = {
  first: '',
  action: '?action=extracts.submit',
  actor: '?actor=person-3@acme.example',
  result: '?result=asked',
  subject: '?subject=extract/',
};
const views: Readonly<Record<string, Omit<AuditQuery, 'limit'>>> = {
  first: {},
  action: { action: 'extracts.submit' },
  actor: { actor: 'person-3@acme.example' },
  result: { result: 'asked' },
  rare: { result: 'failed', action: 'extracts.submit' },
  broadSubject: { subject: 'extract/' },
  oneSubject: { subject: 'extract/0000000007' },
  days: { from: new Date('2026-03-01Z'), before: new Date('2026-06-01Z') },
};

const databases: Record<Size, TestDatabase> = {
  small: await startTestPostgres({ durable: true }),
  large: await startTestPostgres({ durable: true }),
};
const portals: BenchPortal[] = [];
try {
  for (const size of ['small', 'large'] as const) await fill(size);
  await reportPages();
  await reportReads();
  await reportCommits();
} finally {
  for (const portal of portals) await portal.stop();
  await closeDatabase();
  for (const { stop } of Object.values(databases)) await stop();
}

async function reportPages(): Promise<void> {
  const portal = async (size: Size) => {
    const started = await startBenchPortal(databases[size].portalUrl);
    portals.push(started);
    return {
      times: started.times,
      owner: await started.signedIn(tenant, 'owner'),
      admin: await started.signedIn('none', 'admin'),
    };
  };
  const of = { small: await portal('small'), large: await portal('large') };
  for (const [who, path] of [
    ['owner', '/audit'],
    ['admin', '/admin/audit'],
  ] as const) {
    for (const [name, query] of Object.entries(pages)) {
      const { ratio, figures } = await compared((size) =>
        of[size].times(`${path}${query}`, of[size][who], connections, 4, 'person-'),
      );
      report({ bench: `audit ${who} ${name}`, ratio, most, figures });
    }
  }
}

async function reportReads(): Promise<void> {
  for (const [who, trail] of [
    ['owner', auditTrail(tenant)],
    ['admin', auditTrails()],
  ] as const) {
    for (const [name, view] of Object.entries(views)) {
      const { ratio, figures } = await compared(
        () =>
          timesOf(connections, 10, async () => {
            const { entries } = await trail.list({ ...view, limit: 50 });
            if (entries.length === 0) throw new Error('an empty page is no measure');
          }),
        (size) => openDatabase(databases[size].portalUrl),
      );
      // A deeper tree and rows further apart on disk; measured in parts of a millisecond.
      report({ bench: `audit-read ${who} ${name}`, ratio, most: name === 'rare' ? 3 : 2, figures });
    }
  }
}

/** One audit row per commit, with the triggers that link it and without. */
async function reportCommits(): Promise<void> {
  const rows = 400;
  const times = (linked: boolean) => ({
    name: linked ? 'linked' : 'bare',
    run: () =>
      databases.large.as('admin', async (client) => {
        await client.query(`SET session_replication_role = '${linked ? 'origin' : 'replica'}'`);
        for (let n = 0; n < rows; n += 1) {
          await client.query(
            `INSERT INTO audit_event (id, tenant_id, actor_id, actor_name, action, subject, request_id, idempotency_key)
             SELECT u, $1, 'a', 'a', 'studio.launch', 'workbench/1', 'r', u FROM (SELECT gen_random_uuid()::text AS u) AS one`,
            [tenant],
          );
        }
      }),
  });
  const { linked = Number.NaN, bare = Number.NaN } = await interleaved(5, [times(true), times(false)]);
  report({
    bench: 'audit-commit',
    ratio: linked / bare,
    most: 2,
    figures: { linkedMs: linked / rows, bareMs: bare / rows },
  });
}

/** p95 among all `times` at each size, ms, measured in turn. */
async function compared(times: (size: Size) => Promise<number[]>, prepare?: (size: Size) => Promise<void>) {
  const found: Record<Size, number[][]> = { small: [], large: [] };
  const contestant = (size: Size) => ({
    name: size,
    ...(prepare && { prepare: () => prepare(size) }),
    run: async () => void found[size].push(await times(size)),
  });
  await interleaved(rounds, [contestant('small'), contestant('large')]);
  // The first round warms up.
  const [smallMs, largeMs] = [found.small, found.large].map((all) => quantile(all.slice(1).flat(), 0.95));
  const figures = { smallMs: smallMs ?? Number.NaN, largeMs: largeMs ?? Number.NaN };
  return { ratio: figures.largeMs / figures.smallMs, figures };
}

/** A year of what a hundred people did. Without links, which no list reads. */
async function fill(size: Size): Promise<void> {
  await databases[size].as('admin', async (admin) => {
    await admin.query(`INSERT INTO tenant (id, name) VALUES ($1, 'Acme')`, [tenant]);
    await admin.query(`SET session_replication_role = 'replica'`);
    await admin.query(
      `INSERT INTO audit_event (id, tenant_id, at, actor_id, actor_name, roles, action, subject, result, detail, request_id, idempotency_key)
       SELECT 'e' || lpad(n::text, 25, '0'), $1, '2026-01-01Z'::timestamptz + n * (interval '1 year' / $2::int), 'p' || n % 10,
         'person-' || n % 10 || '@acme.example', '{scientist}',
         (ARRAY['extracts.submit', 'extracts.advance', 'studio.launch', 'csv.exported', 'session.signed-in'])[1 + n / 10 % 5],
         CASE n / 10 % 5 WHEN 0 THEN 'extract/' || lpad(n::text, 10, '0') WHEN 1 THEN 'extract/' || lpad((n - 10)::text, 10, '0')
           ELSE 'workbench/1' END,
         CASE WHEN n % 89 = 0 THEN 'failed' WHEN n / 10 % 5 = 0 THEN 'asked' ELSE 'done' END,
         '{"dataset": "orders", "format": "csv", "columns": "a, b, c"}', 'r' || n, 'k' || n
       FROM generate_series(1, $2::int) n`,
      [tenant, sizes[size]],
    );
    await admin.query('VACUUM ANALYZE audit_event');
  });
}
