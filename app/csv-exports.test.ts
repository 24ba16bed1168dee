import { NextRequest } from 'next/server';
import { afterEach, expect, it, vi } from 'vitest';
import type { AuditEntry, AuditEvent } from '@/lib/domain/audit/ports';
import type { Order } from '@/lib/domain/crm/ports';
import type { Comparison, Outcome } from '@/lib/domain/scoring/ports';
import type { ListedTenant } from '@/lib/domain/tenants/ports';
import type { Tenant } from '@/lib/domain/tenants/tenant';

const given = vi.hoisted(() => ({ roles: [] as readonly string[], ports: {}, audit: [] as AuditEvent[] }));
vi.mock('@/lib/server/context', () => ({
  contextFor: async () => ({
    actor: { id: 'u', name: 'ada@foo.example', roles: given.roles },
    tenant: { id: 'foo', name: 'Foo', state: 'active', accountId: null, createdAt: new Date(0) },
    ports: { ...given.ports, audit: { append: async (event: AuditEvent) => void given.audit.push(event) } },
    requestId: 'r',
    log: { info: () => {}, warn: () => {}, error: () => {} },
    now: () => new Date(0),
  }),
}));
vi.mock('@/lib/env', () => ({
  env: () => ({ NEXTAUTH_URL: 'http://localhost:3000' }),
  logSettings: () => ({ level: 'silent', service: 'test' }),
}));

const tenantsExport = await import('./(admin)/admin/tenants/export/route');
const customersExport = await import('./(tenant)/customers/export/route');
const { customerPath } = await import('./(tenant)/customers/customer-path');
const ordersExport = await import('./(tenant)/customers/[id]/export/route');
const auditExport = await import('./(tenant)/audit/export/route');
const allAuditExport = await import('./(admin)/admin/audit/export/route');
const comparisonExport = await import('./(tenant)/customers/compare/export/route');

afterEach(() => {
  given.audit.length = 0;
});
const exported = () => given.audit.map(({ action, subject, detail }) => ({ action, subject, detail }));

const request = () => new NextRequest('http://localhost:3000/export');
const none = { params: Promise.resolve({}) };
const at = (second: number) => new Date(second * 1000);

it('exports every tenant, page after page', async () => {
  const plan = { id: 'standard', name: 'Standard' };
  const bar: Tenant = {
    id: 'bar',
    name: '=Bar, "Ltd"',
    state: 'active',
    accountId: '100000000001',
    createdAt: at(1),
  };
  const foo: Tenant = { id: 'foo', name: 'Foo', state: 'suspended', accountId: null, createdAt: at(2) };
  const tenants: ListedTenant[] = [
    { ...bar, plan, health: { failing: 'trust', at: at(3) } },
    { ...foo, plan, health: null },
  ];
  const list = vi.fn(async ({ cursor }: { cursor?: string }) => {
    const index = Number(cursor ?? 0);
    return {
      tenants: tenants.slice(index, index + 1),
      total: 2,
      next: tenants[index + 1] ? String(index + 1) : null,
    };
  });
  given.roles = ['admin'];
  given.ports = { tenants: { list } };
  const response = await tenantsExport.GET(request(), none);
  expect(response.headers.get('content-disposition')).toContain('tenants-1970-01-01.csv');
  expect(await response.text()).toBe(
    '"tenant_id","name","state","plan","health","health_as_of","account_id","created_at"\r\n' +
      '"bar","\'=Bar, ""Ltd""","active","standard","trust","1970-01-01T00:00:03.000Z","100000000001","1970-01-01T00:00:01.000Z"\r\n' +
      '"foo","Foo","suspended","standard",,,,"1970-01-01T00:00:02.000Z"\r\n',
  );
  const all = { sort: 'name', direction: 'asc', state: undefined, search: undefined, limit: 200 };
  expect(list.mock.calls).toEqual([[{ ...all, cursor: undefined }], [{ ...all, cursor: '1' }]]);
  expect(exported()).toEqual([
    {
      action: 'csv.exported',
      subject: 'tenants',
      detail: { state: null, plan: null, health: null, searched: false },
    },
  ]);
  given.audit.length = 0;
  const some = new NextRequest(
    'http://localhost:3000/export?state=suspended&q=ada&order=since-desc&cursor=1',
  );
  const filtered = await tenantsExport.GET(some, none);
  expect(filtered.headers.get('content-disposition')).toContain('tenants-suspended-1970-01-01.csv');
  await filtered.text();
  const asked = { sort: 'since', direction: 'desc', state: 'suspended', search: 'ada', limit: 200 };
  // From the first page, whatever page the reader was on.
  expect(list.mock.calls[2]).toEqual([{ ...asked, cursor: undefined }]);
  expect(JSON.stringify(given.audit)).not.toContain('ada"');
});

it('exports every order of a customer, page after page', async () => {
  const pages: { orders: Order[]; next: string | null }[] = [
    {
      orders: [
        { orderedAt: at(3), quantity: 2, amount: 12.5 },
        { orderedAt: at(2), quantity: 1, amount: -3 },
      ],
      next: '1',
    },
    { orders: [{ orderedAt: at(1), quantity: 1, amount: 0.1 }], next: null },
  ];
  const orders = async (_: string, { cursor }: { cursor?: string }) => pages[Number(cursor ?? 0)];
  given.roles = ['member'];
  given.ports = { customers: { get: async (id: string) => ({ id }), orders } };
  const response = await ordersExport.GET(request(), { params: Promise.resolve({ id: 'C 1' }) });
  expect(response.headers.get('content-disposition')).toContain('orders-C_1-1970-01-01.csv');
  expect(await response.text()).toBe(
    '"ordered_at","quantity","amount"\r\n' +
      '"1970-01-01T00:00:03.000Z",2,12.5\r\n' +
      '"1970-01-01T00:00:02.000Z",1,-3\r\n' +
      '"1970-01-01T00:00:01.000Z",1,0.1\r\n',
  );
  expect(exported()).toEqual([{ action: 'csv.exported', subject: 'customer/C 1/orders' }]);
});

it('audits which customers were exported, and never what was searched for', async () => {
  given.roles = ['member'];
  given.ports = {
    customers: {
      export: async function* () {
        yield* [];
      },
    },
  };
  const search = new NextRequest('http://localhost:3000/export?band=high&q=ada@private.example');
  expect((await customersExport.GET(search, none)).status).toBe(200);
  expect(exported()).toEqual([
    { action: 'csv.exported', subject: 'customers', detail: { band: 'high', searched: true } },
  ]);
  expect(JSON.stringify(given.audit)).not.toContain('private');
});

it('exports the orders of the customer whom the path names', async () => {
  const asked: string[] = [];
  const get = async (id: string) => {
    asked.push(id);
    return { id };
  };
  given.ports = { customers: { get, orders: async () => ({ orders: [], next: null }) } };
  for (const id of ['..', 'export', 'ACME 12', '50%']) {
    const segment = customerPath(id).slice('/customers/'.length);
    await ordersExport.GET(request(), { params: Promise.resolve({ id: segment }) });
    await ordersExport.GET(request(), { params: Promise.resolve({ id: decodeURIComponent(segment) }) });
  }
  expect(asked).toEqual(['..', '..', 'export', 'export', 'ACME 12', 'ACME 12', '50%', '50%']);
});

const exportedEvent: AuditEntry = {
  id: 'e1',
  at: at(1),
  tenantId: 'foo',
  actorName: 'ada@foo.example',
  roles: ['member', 'scientist'],
  action: 'csv.exported',
  subject: 'customer/C1/orders',
  result: 'done',
  detail: { band: 'high', note: 'x' },
  before: null,
  after: { version: 1 },
  requestId: 'r1',
};
const auditHeader =
  '"at","actor","roles","tenant_id","action","action_in_words","subject","result","detail","before","after","request_id","id"\r\n';

it('exports the audit, to administrators without what is a tenant’s, and audits how it was limited', async () => {
  const asked: unknown[] = [];
  const list = async (query: object) => {
    asked.push(query);
    return { entries: [exportedEvent], next: null, previous: null };
  };
  given.ports = { auditTrail: { list }, auditTrails: { list } };
  given.roles = ['owner'];
  const search = '?actor=ada@foo.example&from=2026-01-01&tenant=foo';
  const own = await auditExport.GET(new NextRequest(`http://localhost:3000/export${search}`), none);
  expect(own.headers.get('content-disposition')).toContain('audit-foo-1970-01-01.csv');
  const line = (subject: string, detail: string, after: string) =>
    `"1970-01-01T00:00:01.000Z","ada@foo.example","member scientist","foo","csv.exported","Exported CSV","${subject}","done",${detail},,${after},"r1","e1"\r\n`;
  expect(await own.text()).toBe(
    auditHeader + line('customer/C1/orders', '"{""band"":""high"",""note"":""x""}"', '"{""version"":1}"'),
  );
  given.roles = ['admin'];
  const theirs = await allAuditExport.GET(new NextRequest(`http://localhost:3000/export${search}`), none);
  expect(theirs.headers.get('content-disposition')).toContain('audit-foo-1970-01-01.csv');
  expect(await theirs.text()).toBe(auditHeader + line('customer', '"{""band"":""high""}"', ''));
  const limits = { actor: 'ada@foo.example', from: new Date('2026-01-01'), cursor: undefined, limit: 200 };
  expect(asked).toEqual([limits, { ...limits, tenantId: 'foo' }]);
  const filter = { action: null, result: null, from: '2026-01-01', to: null, searched: true };
  expect(exported()).toEqual([
    { action: 'csv.exported', subject: 'audit', detail: filter },
    { action: 'csv.exported', subject: 'audit', detail: { tenant: 'foo', ...filter } },
  ]);
});

const comparison: Comparison = {
  run: 1,
  version: 3,
  computedAt: at(0),
  customers: 5,
  sampled: 5,
  rankAgreement: -0.123456789,
  joint: [
    [1, 2],
    [0, 2],
  ],
  quantiles: [{ share: 0.5, default: 0.4, model: 1e-7 }],
  outcome: { known: false, reason: 'nobody knows' },
};
const known: Outcome = {
  known: true,
  asOf: at(0),
  until: at(1),
  customers: 5,
  sampled: 5,
  churned: 1,
  default: null,
  reason: 'no fit',
  model: { auc: null, brier: 0.25, mean: 0.5 },
  baseline: 0.2,
};

it.each([
  [
    'with an outcome that is not known',
    comparison,
    ['"rank_agreement",-0.123456789,-0.123456789', '"quantile 0.5",0.4,1e-7'],
  ],
  [
    'with what became of the customers',
    { ...comparison, rankAgreement: null, outcome: known },
    ['"rank_agreement",,', '"auc",,', '"brier",,0.25', '"mean",,0.5', '"quantile 0.5",0.4,1e-7'],
  ],
])('exports a comparison %s', async (_, compared, lines) => {
  given.roles = ['scientist'];
  given.ports = {
    models: { active: async () => null },
    scoring: { read: async () => ({ state: {} }) },
    scoreComparisons: { newest: async () => compared },
  };
  const response = await comparisonExport.GET(request(), none);
  expect(response.headers.get('content-disposition')).toContain('comparison-foo-v3-1970-01-01.csv');
  expect((await response.text()).split('\r\n')).toEqual([
    '"figure","default","model"',
    ...lines,
    '"customers 0 to 0.1",3,1',
    '"customers 0.1 to 0.2",2,4',
    '',
  ]);
});
