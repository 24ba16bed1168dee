import { describe, expect, it } from 'vitest';
import type { Role } from '@/lib/domain/actor';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { TenantContext } from '@/lib/domain/context';
import { isAnnexError } from '@/lib/errors';
import { customersCsv } from '../customers-csv';
import type { Customer, CustomerOverview, CustomerQuery, CustomerStore } from '../ports';
import { crmOverview } from './crm-overview';
import { customerOrders } from './customer-orders';
import { exportCustomers } from './export-customers';
import { getCustomer } from './get-customer';
import { listCustomers } from './list-customers';

const ada: Customer = {
  id: 'C-1',
  name: 'Ada',
  email: null,
  features: {
    recencyDays: 12,
    frequency: 3,
    monetaryMean: 19.5,
    tenureDays: 400,
    orders90d: 1,
    spend90d: 0.1 + 0.2,
    gapMeanDays: 133.333333333,
    tickets90d: 0,
  },
  score: { probability: 0.25, source: 'default', version: 'bg-nbd-1', scoredAt: new Date(0) },
};

const unscored: Customer = { ...ada, id: '=HYPERLINK("x")', features: null, score: null };

function setUp(
  roles: readonly Role[] = ['member'],
  state: 'active' | 'suspended' = 'active',
  source: CustomerOverview['source'] = { kind: 'default' },
) {
  const queries: unknown[] = [];
  const audited: AuditEvent[] = [];
  const refuse = (): never => {
    throw new Error('not part of this capability');
  };
  const store: CustomerStore = {
    overview: async () => ({ customers: 2, source }) as CustomerOverview,
    list: async (query: CustomerQuery) => {
      queries.push(query);
      return { customers: [ada], place: null, next: null, previous: null };
    },
    get: async (id) => (id === ada.id ? ada : null),
    orders: async (id, page) => {
      queries.push({ id, ...page });
      return { orders: [], place: null, next: null, previous: null };
    },
    async *export(selection) {
      queries.push(selection);
      yield ada;
      yield unscored;
    },
  };
  const ports = new Proxy({} as TenantContext['ports'], {
    get: (_, name) =>
      name === 'customers'
        ? store
        : name === 'audit'
          ? { append: async (event: AuditEvent) => void audited.push(event) }
          : refuse(),
  });
  const context: TenantContext = {
    actor: { id: 'u1', name: 'm@foo.example', roles },
    tenant: { id: 'foo', name: 'Foo', state, accountId: null, createdAt: new Date(0) },
    requestId: 'r1',
    log: { info: () => {}, warn: () => {}, error: () => {} },
    now: () => new Date(0),
    ports,
  };
  return { context, queries, audited };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (isAnnexError(error) ? error.code : 'unknown'),
  );

describe('the customer verbs', () => {
  it('refuse the admin, the seller and a suspended tenant before anything is read', async () => {
    for (const { context, queries, audited } of [
      setUp(['admin']),
      setUp(['seller']),
      setUp([]),
      setUp(['member'], 'suspended'),
    ]) {
      expect(await codeOf(listCustomers(context, {}))).toBe('forbidden');
      expect(await codeOf(crmOverview(context, undefined))).toBe('forbidden');
      expect(await codeOf(getCustomer(context, { customerId: 'C-1' }))).toBe('forbidden');
      expect(await codeOf(customerOrders(context, { customerId: 'C-1' }))).toBe('forbidden');
      expect(await codeOf(exportCustomers(context, {}))).toBe('forbidden');
      expect(queries).toEqual([]);
      expect(audited).toEqual([]);
    }
  });

  it('tell members that the model cannot be used, and since when, without quoting the model', async () => {
    const since = new Date(0);
    const reason = 'The model answered with status 400: “Traceback … /opt/ml/code/serve.py”';
    const fallback = { kind: 'fallback', reason, since } as const;
    const overviewFor = async (role: Role, source: CustomerOverview['source']) => {
      const { context } = setUp([role], 'active', source);
      return crmOverview(context, undefined);
    };
    expect((await overviewFor('scientist', fallback)).source).toEqual(fallback);
    const seen = await overviewFor('member', fallback);
    expect(seen).toEqual({ customers: 2, source: { kind: 'fallback', reason: null, since } });
    const model = { kind: 'model', version: 'v1' } as const;
    expect((await overviewFor('member', model)).source).toEqual(model);
  });

  it('list those most at risk first unless told otherwise', async () => {
    const { context, queries } = setUp(['scientist']);
    await listCustomers(context, {});
    await listCustomers(context, { sort: 'id', search: '  ada ', band: 'high', cursor: 'c', limit: 10 });
    await listCustomers(context, { sort: 'spend', direction: 'asc', search: '   ' });
    expect(queries).toMatchObject([
      { sort: 'risk', direction: 'desc', limit: 50 },
      { sort: 'id', direction: 'asc', search: 'ada', band: 'high', cursor: 'c', limit: 10 },
      { sort: 'spend', direction: 'asc' },
    ]);
    expect(queries[2]).toHaveProperty('search', undefined);
  });

  it.each([
    { sort: 'salary' },
    { direction: 'up' },
    { band: 'severe' },
    { search: 'a'.repeat(201) },
    { cursor: 'c'.repeat(1001) },
    { limit: 0 },
    { limit: 201 },
  ])('refuse the query %j', async (query) => {
    const { context, queries } = setUp();
    expect(await codeOf(listCustomers(context, query as never))).toBe('invalid');
    expect(queries).toEqual([]);
  });

  it('answer an unknown customer with not_found', async () => {
    const { context } = setUp();
    expect(await getCustomer(context, { customerId: 'C-1' })).toBe(ada);
    expect(await codeOf(getCustomer(context, { customerId: 'C-2' }))).toBe('not_found');
    expect(await codeOf(getCustomer(context, { customerId: '' }))).toBe('invalid');
  });

  it('page orders', async () => {
    const { context, queries } = setUp();
    await customerOrders(context, { customerId: 'C-1', cursor: 'x' });
    await customerOrders(context, { customerId: 'C-1', placed: true });
    expect(queries).toEqual([
      { id: 'C-1', cursor: 'x', limit: 50, placed: false },
      { id: 'C-1', limit: 50, placed: true },
    ]);
  });

  it('export the selection', async () => {
    const { context, queries } = setUp();
    let csv = '';
    for await (const chunk of customersCsv(await exportCustomers(context, { band: 'low', search: 'ada' })))
      csv += chunk;
    expect(queries).toEqual([{ sort: 'risk', direction: 'desc', band: 'low', search: 'ada' }]);
    expect(csv).toBe(
      '"customer_id","recency_days","frequency","monetary_mean","tenure_days","orders_90d","spend_90d","gap_mean_days","tickets_90d","churn_probability","score_source","score_version","scored_at"\r\n' +
        '"C-1",12,3,19.5,400,1,0.3,133.333333,0,0.25,"default","bg-nbd-1","1970-01-01T00:00:00.000Z"\r\n' +
        '"\'=HYPERLINK(""x"")",,,,,,,,,,,,\r\n',
    );
  });
});

describe('the customer export', () => {
  it('has only a header when there are no customers', async () => {
    const nobody = (async function* (): AsyncGenerator<Customer> {})();
    const chunks: string[] = [];
    for await (const chunk of customersCsv(nobody)) chunks.push(chunk);
    expect(chunks).toHaveLength(1);
  });
});
