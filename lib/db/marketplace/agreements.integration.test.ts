import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { MarketplaceEvent } from '@/lib/domain/marketplace/event';
import { begun, type Subscription } from '@/lib/domain/marketplace/subscription';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { withControl } from '../core/control-scope';
import { readSeller, withSeller } from '../core/seller-scope';
import { withTenant } from '../core/tenant-scope';
import { Prisma } from '../generated/client';
import { recordUser } from '../tenants/users';
import { agreements } from './agreements';
import { listingBook } from './listing-book';
import { soldSubscriptions } from './sold-subscriptions';
import { marketListings, subscriptionStore } from './subscriptions';

let postgres: TestDatabase;
const accounts = { foo: '222222222222', bar: '333333333333' } as const;
const all = agreements();

const event = (subject: string): AuditEvent => ({
  action: 'subscriptions.provision',
  subject,
  actorId: 'worker',
  actorName: 'Annex',
  requestId: 'r',
});

beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar']);
  await recordUser({
    sub: 's',
    email: 's@models.example',
    roles: ['seller'],
    tenantId: null,
    sellerId: 'models',
  });
  await postgres.as('admin', async (admin) => {
    for (const [id, account] of Object.entries(accounts))
      await admin.query('UPDATE tenant SET account_id = $2 WHERE id = $1', [id, account]);
  });
  const book = listingBook('models');
  for (const [id, state] of [
    ['sold', 'published'],
    ['drafted', 'draft'],
  ] as const) {
    await book.create(
      {
        id,
        productCode: `code-${id}`,
        productPage: `prodview-${id}`,
        title: `Model ${id}`,
        summary: 'Predicts.',
        termsUrl: null,
        contentTypes: ['text/csv'],
        accept: 'text/csv',
        sampleType: 'text/csv',
        sampleRequest: '1',
        state: 'draft',
        dimensions: [{ name: 'requests', measure: 'requests', description: 'A request', usd: 1 }],
        version: null,
        createdAt: new Date(0),
        updatedAt: new Date(0),
        revision: 1,
      },
      event(id),
    );
    const version = { modelPackageArn: 'arn', instanceType: 'ml.m5.large', note: null, createdBy: 's' };
    await book.addVersion(id, 0, version, () => event(id));
    if (state === 'published') await book.move(id, state, 2, event(id));
  }
});
afterAll(() => postgres?.stop());

let numbers = 0;
/** An agreement of its own with its licence, and what happens to it at minute `n`. */
function lifeOf(accountId: string, productCode = 'code-sold') {
  numbers += 1;
  const agreementId = `agmt-${numbers}`;
  const licenseArn = `arn:aws:license-manager::1:license:l-${numbers}`;
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute));
  const base = (minute: number) => ({ agreementId, accountId, at: at(minute) });
  return {
    agreementId,
    licenseArn,
    created: { kind: 'created', ...base(0) } as MarketplaceEvent,
    licensed: { kind: 'licensed', ...base(1), productCode, licenseArn } as MarketplaceEvent,
    amended: { kind: 'amended', ...base(2) } as MarketplaceEvent,
    again: { kind: 'licensed', ...base(3), productCode, licenseArn } as MarketplaceEvent,
    ended: { kind: 'ended', ...base(4), status: 'CANCELLED' } as MarketplaceEvent,
    deprovisioned: { kind: 'deprovisioned', ...base(5), productCode, licenseArn } as MarketplaceEvent,
  };
}
const record = (one: MarketplaceEvent) =>
  all.record(one, ({ subscriptionId, before, after }) => ({
    ...event(`subscription/${subscriptionId}`),
    detail: { before, after },
    idempotencyKey: `${subscriptionId}/${one.kind}/${one.at.getTime()}/${after}`,
  }));
const subscriptionOf = async (licenseArn: string, tenantId = 'foo'): Promise<Subscription | undefined> =>
  (await subscriptionStore(tenantId).list({ limit: 500 })).subscriptions.find(
    (one) => one.licenseArn === licenseArn,
  );

describe('events of AWS Marketplace', () => {
  it('come to the same subscription in any order, late and twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(['created', 'licensed', 'amended', 'again', 'ended', 'deprovisioned'] as const, {
          minLength: 1,
        }),
        fc.array(fc.nat(5), { maxLength: 4 }),
        async (order, repeated) => {
          const life = lifeOf(accounts.foo);
          for (const name of order) await record(life[name]);
          for (const index of repeated) await record(life[order[index % order.length] ?? 'created']);
          const found = await subscriptionOf(life.licenseArn);
          const has = (...names: string[]) => order.some((name) => names.includes(name));
          if (!has('licensed', 'again', 'deprovisioned')) {
            expect(found).toBeUndefined();
            return;
          }
          const over = has('ended', 'deprovisioned');
          expect(found?.standing).toBe(over ? 'cancelling' : 'active');
          expect(found?.agreementId).toBe(life.agreementId);
          const licensed = has('again') ? life.again : has('licensed') ? life.licensed : null;
          expect(found?.licensedAt ?? null).toEqual(licensed?.at ?? null);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('add one subscription when several arrive at once, and audit each change of it once', async () => {
    const life = lifeOf(accounts.foo);
    await Promise.all([life.created, life.licensed, life.licensed, life.again, life.ended].map(record));
    const found = await subscriptionOf(life.licenseArn);
    const { audited } = await withControl(async (tx) => ({
      audited: await tx.auditEvent.findMany({
        where: { tenantId: 'foo', subject: `subscription/${found?.id}` },
      }),
    }));
    expect(found?.standing).toBe('cancelling');
    const states = audited.map(({ detail }) => (detail as { after: string }).after);
    expect(states.at(-1)).toBe('cancelling');
    expect(new Set(states).size).toBe(states.length);
  });

  it('of a renewal go on under the licence', async () => {
    const life = lifeOf(accounts.foo);
    await record(life.licensed);
    await record({ ...life.ended, status: 'RENEWED' } as MarketplaceEvent);
    expect((await subscriptionOf(life.licenseArn))?.standing).toBe('active');
    const renewed = {
      ...life.again,
      agreementId: `${life.agreementId}-2`,
      at: new Date(Date.UTC(2026, 2, 1, 11)),
    };
    await record(renewed);
    expect(await subscriptionOf(life.licenseArn)).toMatchObject({
      standing: 'active',
      agreementId: `${life.agreementId}-2`,
    });
    await record({
      kind: 'ended',
      agreementId: renewed.agreementId,
      accountId: accounts.foo,
      at: renewed.at,
      status: null,
    });
    expect((await subscriptionOf(life.licenseArn))?.standing).toBe('cancelling');
  });

  it('of products that nobody sells here, and of accounts of nobody, are kept and concern nobody', async () => {
    for (const life of [
      lifeOf(accounts.foo, 'unknown'),
      lifeOf(accounts.foo, 'code-drafted'),
      lifeOf('999999999999'),
    ]) {
      expect(await record(life.licensed)).toEqual([]);
      expect(await withControl((tx) => tx.agreement.count({ where: { id: life.agreementId } }))).toBe(1);
    }
  });

  it('are found by the sweep until what they ask for is done', async () => {
    const life = lifeOf(accounts.bar);
    await record(life.licensed);
    const isOpen = async () => {
      const { subscriptions } = await all.open({ limit: 1000 });
      return subscriptions.some(({ tenantId }) => tenantId === 'bar');
    };
    expect(await isOpen()).toBe(true);
    const store = subscriptionStore('bar');
    const fresh = (await subscriptionOf(life.licenseArn, 'bar')) as Subscription;
    const started = await store.update(begun(fresh, 1, new Date()), null);
    await expect(store.update(started.revision === 2 ? fresh : started, null)).rejects.toMatchObject({
      code: 'conflict',
    });
    await store.update({ ...started, state: 'done' }, null);
    expect(await isOpen()).toBe(false);
    await record(life.ended);
    expect(await isOpen()).toBe(true);
    const ending = (await subscriptionOf(life.licenseArn, 'bar')) as Subscription;
    await store.update({ ...ending, state: 'removed', removedAt: new Date() }, null);
    expect(await isOpen()).toBe(false);
    expect((await subscriptionOf(life.licenseArn, 'bar'))?.standing).toBe('cancelled');
  });
});

describe('a subscription', () => {
  it('is its tenant’s and its seller’s alone, and the seller sees no step of the set-up', async () => {
    const life = lifeOf(accounts.foo);
    await record(life.licensed);
    expect(await subscriptionOf(life.licenseArn, 'bar')).toBeUndefined();
    const ofBar = await withTenant(
      'bar',
      (tx) => tx.$queryRaw<{ tenant: string }[]>`SELECT DISTINCT tenant_id AS tenant FROM subscription`,
    );
    expect(ofBar.filter(({ tenant }) => tenant !== 'bar')).toEqual([]);
    const seen = (sellerId: string) =>
      readSeller(sellerId, (query) =>
        query<{ id: string }>(Prisma.sql`SELECT id FROM subscription WHERE license_arn = ${life.licenseArn}`),
      );
    expect((await seen('models')).length).toBe(1);
    expect(await seen('others')).toEqual([]);
    const sold = async (sellerId: string) =>
      (await soldSubscriptions(sellerId).list({ limit: 500 })).subscriptions;
    expect((await sold('models'))[0]).toMatchObject({
      accountId: accounts.foo,
      standing: 'active',
      title: 'Model sold',
    });
    expect(await sold('others')).toEqual([]);
    await expect(
      withSeller('models', (tx) => tx.$queryRaw`SELECT steps FROM subscription`),
    ).rejects.toMatchObject({ code: 'dependency_denied' });
    await expect(
      withTenant('foo', (tx) => tx.$executeRaw`UPDATE subscription SET licensed_at = now()`),
    ).rejects.toMatchObject({ code: 'dependency_denied' });
    await expect(withTenant('foo', (tx) => tx.$queryRaw`SELECT * FROM agreement`)).rejects.toMatchObject({
      code: 'dependency_denied',
    });
  });

  it('keeps its listing in sight once that is retired', async () => {
    const life = lifeOf(accounts.foo);
    await record(life.licensed);
    await postgres.as('admin', (admin) =>
      admin.query("UPDATE listing SET state = 'retired' WHERE id = 'sold'"),
    );
    expect((await marketListings('foo').get('sold'))?.version).toBe(1);
    expect((await marketListings('foo').published({ limit: 10 })).listings).toEqual([]);
    expect(await marketListings('foo').version('sold', 1)).toMatchObject({ instanceType: 'ml.m5.large' });
  });
});
