import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { Listing } from '@/lib/domain/marketplace/listing';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { readControl, withControl } from '../core/control-scope';
import { withSeller } from '../core/seller-scope';
import { withTenant } from '../core/tenant-scope';
import { Prisma } from '../generated/client';
import { recordUser } from '../tenants/users';
import { listingBook } from './listing-book';

let postgres: TestDatabase;
const mine = listingBook('models');
const theirs = listingBook('others');

beforeAll(async () => {
  postgres = await startTestDatabase(['foo']);
  for (const sellerId of ['models', 'others']) {
    await recordUser({
      sub: sellerId,
      email: `s@${sellerId}.example`,
      roles: ['seller'],
      tenantId: null,
      sellerId,
    });
  }
});
afterAll(() => postgres?.stop());

const event = (subject: string): AuditEvent => ({
  action: 'listings.create',
  subject,
  actorId: 'models',
  actorName: 's@models.example',
  requestId: 'r',
});
let made = 0;
function draft(more: Partial<Listing> = {}): Listing {
  made += 1;
  const id = `01K${String(made).padStart(5, '0')}`;
  return {
    id,
    productCode: `code-${made}`,
    productPage: `prodview-${made}`,
    title: `Model ${made}`,
    summary: 'Predicts.',
    termsUrl: null,
    contentTypes: ['text/csv'],
    accept: 'application/json',
    sampleType: 'text/csv',
    sampleRequest: '1,2,3',
    state: 'draft',
    dimensions: [{ name: 'requests', measure: 'requests', description: 'A request', usd: 0.0025 }],
    version: null,
    createdAt: new Date(Date.UTC(2026, 2, 1) + made * 1000),
    updatedAt: new Date(Date.UTC(2026, 2, 1) + made * 1000),
    revision: 1,
    ...more,
  };
}
async function created(more: Partial<Listing> = {}): Promise<Listing> {
  const listing = draft(more);
  await mine.create(listing, event(`listing/${listing.id}`));
  return listing;
}
const audited = (subject: string) =>
  withControl((tx) => tx.auditEvent.count({ where: { subject, tenantId: null } }));
const version = {
  modelPackageArn: 'arn:aws:sagemaker:us-east-1:1:model-package/a',
  instanceType: 'ml.m5.large',
};
const add = (id: string, base: number) =>
  mine.addVersion(id, base, { ...version, note: null, createdBy: 's@models.example' }, () =>
    event(`version/${id}`),
  );

describe('listings', () => {
  it('are kept with their audit event, and read as they were written', async () => {
    const listing = await created({ termsUrl: 'https://models.example/terms' });
    expect(await mine.get(listing.id)).toEqual(listing);
    expect(await audited(`listing/${listing.id}`)).toBe(1);
    const again = draft({ productCode: listing.productCode });
    await expect(mine.create(again, event(`listing/${again.id}`))).rejects.toMatchObject({
      code: 'conflict',
      fields: { productCode: expect.any(String) },
    });
    expect(await audited(`listing/${again.id}`)).toBe(0);
  });

  it('take one of two changes, and lose no dimension that stays', async () => {
    const listing = await created();
    const two = [
      ...listing.dimensions,
      { name: 'kb', measure: 'kilobytes', description: '1,000 bytes', usd: 1 } as const,
    ];
    await mine.change({ ...listing, title: 'Better', dimensions: two }, event('change'));
    await expect(mine.change({ ...listing, title: 'Worse' }, event('change'))).rejects.toMatchObject({
      code: 'conflict',
    });
    const now = await mine.get(listing.id);
    expect(now).toMatchObject({ title: 'Better', revision: 2 });
    expect(now?.dimensions.map(({ name }) => name)).toEqual(['kb', 'requests']);
  });

  it('get versions one after the other, which nobody changes', async () => {
    const { id } = await created();
    const results = await Promise.allSettled([add(id, 0), add(id, 0)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await add(id, 1)).toBe(2);
    expect((await mine.versions(id, 10)).map((one) => one.version)).toEqual([2, 1]);
    await expect(
      withSeller(
        'models',
        (tx) => tx.$executeRaw`UPDATE listing_version SET note = 'x' WHERE listing_id = ${id}`,
      ),
    ).rejects.toMatchObject({ code: 'dependency_denied' });
    await expect(add('none', 0)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are listed newest first, by key in both directions', async () => {
    for (let n = 0; n < 5; n += 1) await created();
    const first = await mine.list({ limit: 2 });
    const second = await mine.list({ limit: 2, cursor: first.next ?? '' });
    const back = await mine.list({ limit: 2, cursor: second.previous ?? '' });
    const ids = [...first.listings, ...second.listings].map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect(back.listings).toEqual(first.listings);
    await expect(mine.list({ limit: 2, cursor: 'x' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('are one seller’s alone, even for SQL without a condition', async () => {
    const listing = await created();
    expect(await theirs.get(listing.id)).toBeNull();
    await expect(theirs.change(listing, event('x'))).rejects.toMatchObject({ code: 'conflict' });
    await expect(theirs.move(listing.id, 'retired', 1, event('x'))).rejects.toMatchObject({
      code: 'conflict',
    });
    const seen = await withSeller('others', (tx) => tx.$queryRaw<unknown[]>`SELECT id FROM listing`);
    expect(seen).toEqual([]);
    await expect(
      withSeller('others', (tx) => tx.$executeRaw`UPDATE listing SET seller_id = 'others'`),
    ).rejects.toMatchObject({ code: 'dependency_denied' });
    await expect(
      withSeller('others', (tx) => tx.$queryRaw`SELECT count(*) FROM tenant`),
    ).rejects.toMatchObject({ code: 'dependency_denied' });
    // A transaction that names no seller reaches none.
    const nobody = await readControl((query) =>
      query<{ setting: string | null }>(Prisma.sql`SELECT current_setting('app.seller_id', true) AS setting`),
    );
    expect(nobody[0]?.setting ?? '').toBe('');
  });

  it('are seen by tenants once they are published, and changed by none', async () => {
    const { id } = await created();
    await add(id, 0);
    const seen = () =>
      withTenant(
        'foo',
        (tx) => tx.$queryRaw<unknown[]>`
        SELECT l.id, v.version, d.name FROM listing l JOIN listing_version v ON v.listing_id = l.id
        JOIN listing_dimension d ON d.listing_id = l.id WHERE l.id = ${id}`,
      );
    expect(await seen()).toEqual([]);
    await mine.move(id, 'published', 2, event('publish'));
    expect(await seen()).toEqual([{ id, version: 1, name: 'requests' }]);
    await expect(
      withTenant('foo', (tx) => tx.$executeRaw`UPDATE listing SET title = 'mine'`),
    ).rejects.toMatchObject({ code: 'dependency_denied' });
  });
});
