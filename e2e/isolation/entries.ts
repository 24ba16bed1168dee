import { createHash } from 'node:crypto';
import type { Action } from '@/lib/domain/authorize';
import type { Outcome } from './visits';

/** The id of a tenant’s subscription: it must not say whose it is, since addresses come back in pages. */
export const subscriptionIdOf = (tenant: string): string =>
  createHash('sha256').update(tenant).digest('hex').slice(0, 26);

/** The ids that a request asks for: the visitor's own, those of another tenant, or ids of nothing. */
export interface Ids {
  readonly customer: string;
  readonly extract: string;
  readonly endpoint: string;
  readonly workbench: string;
  readonly version: string;
  readonly person: string;
  readonly tenant: string;
}

/** What is expected of a page, route or action. */
export interface Entry {
  /** The permission that it needs; null: it is open to everybody. */
  readonly needs: Action | null;
  /** With its query. Defaults to the path of the page or route. */
  readonly path?: (ids: Ids) => string;
  /** Other queries that show something else. */
  readonly queries?: readonly string[];
  /** Its answer has nothing of a tenant but ids that were sent, or figures: another tenant’s would not be recognised in it. */
  readonly silent?: true;
  /** It is for administrators, for whom another tenant’s id is one like any. */
  readonly ofAllTenants?: true;
  /** Tells administrators who of a tenant did what: people’s addresses, and the ids of their requests. */
  readonly deeds?: true;
  /** Methods of a route. Each other method is not allowed. */
  readonly methods?: readonly ('GET' | 'POST')[];
  readonly form?: (ids: Ids) => Readonly<Record<string, string>>;
  /** The form is one for files. */
  readonly multipart?: true;
  /** For a person with the permission who asks for what is there. */
  readonly own?: readonly Outcome[];
  /** The same, for the id of another tenant or of nothing. Both have to be answered alike. */
  readonly absent?: readonly Outcome[];
  /** Of an open entry that a signed-in person may not use. */
  readonly signedIn?: readonly Outcome[];
}

/** An entry that is sent these fields. */
export const form = (fields: (ids: Ids) => Readonly<Record<string, string>>) => ({ form: fields });

/** Every page, by the name that Next's build gives it. */
export const pages: Readonly<Record<string, Entry>> = {
  '/(admin)/admin/audit': { needs: 'audit.list', deeds: true },
  // Names of tenants and figures.
  '/(admin)/admin/costs': { needs: 'costs.list' },
  '/(admin)/admin/plans': { needs: 'plans.list', silent: true },
  '/(admin)/admin/plans/[id]': {
    needs: 'plans.view',
    path: () => '/admin/plans/standard',
    silent: true,
  },
  '/(admin)/admin/plans/new': { needs: 'plans.create', silent: true },
  '/(admin)/admin/policies': { needs: 'policies.list' },
  '/(admin)/admin/policies/[dataset]': {
    needs: 'policies.view',
    queries: ['?tenant=nobody'],
    own: ['ok', 'not found'],
  },
  // Dead letters name tenants, but nothing that belongs to one.
  '/(admin)/admin/queues': { needs: 'queues.view', silent: true },
  '/(admin)/admin/tenants': { needs: 'tenants.list' },
  // Administrators see every tenant; what they may not see of it is never there to be shown.
  '/(admin)/admin/tenants/[id]': {
    needs: 'tenants.view',
    path: ({ tenant }) => `/admin/tenants/${tenant}`,
    own: ['ok', 'not found'],
    silent: true,
    ofAllTenants: true,
    // Its people are named by their addresses.
    deeds: true,
  },
  // Whoever ran it is named by the address. The rest names the tenant and what is of AWS.
  '/(admin)/admin/tenants/[id]/doctor': {
    needs: 'tenants.view',
    path: ({ tenant }) => `/admin/tenants/${tenant}/doctor`,
    own: ['ok', 'not found'],
    silent: true,
    ofAllTenants: true,
    deeds: true,
  },
  '/(admin)/admin/tenants/import': { needs: 'tenants.onboard', silent: true },
  '/(admin)/admin/tenants/new': { needs: 'tenants.onboard', silent: true },
  '/(public)': { needs: null, signedIn: ['ok', 'forbidden', 'sign in'] },
  '/(public)/auth-error': { needs: null },
  '/(public)/sign-up': { needs: null },
  // Of an id that only one browser knows.
  '/(public)/sign-up/confirm': { needs: null },
  '/(public)/signed-out': { needs: null },
  '/(seller)/seller/listings': { needs: 'listings.view' },
  '/(seller)/seller/listings/[id]': {
    needs: 'listings.view',
    path: () => '/seller/listings/01ARZ3NDEKTSV4RRFFQ69G5FAV',
    own: ['not found'],
    silent: true,
  },
  '/(seller)/seller/listings/new': { needs: 'listings.create', silent: true },
  '/(seller)/seller/subscriptions': { needs: 'sold.view' },
  '/(leaving)/export': { needs: 'tenant.export' },
  '/(tenant)/audit': { needs: 'audit.view' },
  // Figures alone.
  '/(tenant)/cost': { needs: 'costs.view', silent: true },
  '/(tenant)/customers': { needs: 'customers.list', path: ({ customer }) => `/customers?q=${customer}` },
  '/(tenant)/customers/[id]': {
    needs: 'customers.view',
    path: ({ customer }) => `/customers/${customer}`,
    absent: ['not found'],
  },
  '/(tenant)/customers/compare': { needs: 'scores.view', silent: true },
  '/(tenant)/customers/import': { needs: 'orders.import', silent: true },
  '/(tenant)/marketplace': { needs: 'market.view', silent: true },
  '/(tenant)/subscriptions': { needs: 'subscriptions.view', silent: true },
  '/(tenant)/subscriptions/[id]': {
    needs: 'subscriptions.view',
    path: ({ tenant }) => `/subscriptions/${subscriptionIdOf(tenant)}`,
    absent: ['not found'],
    silent: true,
  },
  '/(tenant)/extracts': {
    needs: 'extracts.list',
    path: ({ extract }) => `/extracts?before=${extract}`,
    queries: [''],
  },
  '/(tenant)/extracts/[id]': {
    needs: 'extracts.view',
    path: ({ extract }) => `/extracts/${extract}`,
    absent: ['not found'],
  },
  '/(tenant)/extracts/new': {
    needs: 'extracts.preview',
    path: ({ extract }) => `/extracts/new?dataset=customers&request=${extract}`,
  },
  '/(tenant)/model': {
    needs: 'models.view',
    path: ({ endpoint }) => `/model?endpoint=${endpoint}`,
    queries: ['?tab=in-use', '?tab=versions', '?tab=interface'],
  },
  '/(tenant)/monitoring': {
    needs: 'monitoring.view',
    path: ({ endpoint }) => `/monitoring?endpoint=${endpoint}`,
    queries: [''],
  },
  '/(tenant)/overview': { needs: 'overview.view' },
  '/(tenant)/people': { needs: 'people.list', silent: true },
  '/(tenant)/people/[id]': {
    needs: 'people.list',
    path: ({ person }) => `/people/${person}`,
    absent: ['not found'],
    silent: true,
  },
  '/(tenant)/workbench': { needs: 'workbench.view' },
  '/(tenant)/workbench/doctor': { needs: 'doctor.view', silent: true },
  '/(tenant)/workbench/launch-failed': { needs: 'studio.launch', silent: true },
  '/(tenant)/workbench/running': { needs: 'running.view' },
  // Next's own. The first is its page for errors of the layout, which says nothing.
  '/_global-error': { needs: null, own: ['failed'] },
  '/_not-found': { needs: null, own: ['not found'] },
};

/** Every route handler, by the name that Next's build gives it. */
export const routes: Readonly<Record<string, Entry>> = {
  '/(admin)/admin/queues/status': { needs: 'queues.view', silent: true },
  '/(admin)/admin/tenants/[id]/certificate': {
    needs: 'tenants.view',
    path: ({ tenant }) => `/admin/tenants/${tenant}/certificate`,
    ofAllTenants: true,
    own: ['not found'],
    silent: true,
  },
  '/(admin)/admin/tenants/[id]/closing': {
    needs: 'tenants.view',
    path: ({ tenant }) => `/admin/tenants/${tenant}/closing`,
    ofAllTenants: true,
    own: ['ok', 'not found'],
    silent: true,
  },
  '/(admin)/admin/tenants/[id]/status': {
    needs: 'tenants.view',
    path: ({ tenant }) => `/admin/tenants/${tenant}/status`,
    ofAllTenants: true,
    own: ['ok', 'not found'],
    silent: true,
  },
  '/(admin)/admin/audit/export': { needs: 'audit.list', deeds: true },
  '/(admin)/admin/costs/export': { needs: 'costs.list' },
  '/(admin)/admin/tenants/export': { needs: 'tenants.list' },
  '/(public)/sign-in': { needs: null, methods: ['GET', 'POST'] },
  '/(public)/sign-out': { needs: null, methods: ['POST'] },
  '/(leaving)/export/[file]': { needs: 'tenant.export', path: () => '/export/customers' },
  '/(tenant)/audit/export': { needs: 'audit.view' },
  '/(tenant)/customers/[id]/export': {
    needs: 'customers.view',
    path: ({ customer }) => `/customers/${customer}/export`,
    absent: ['not found'],
    silent: true,
  },
  '/(tenant)/customers/compare/export': { needs: 'scores.view', silent: true },
  '/(tenant)/customers/export': { needs: 'customers.export' },
  // A form without a file is refused, before anything is imported.
  '/(tenant)/customers/import/file': {
    needs: 'orders.import',
    methods: ['POST'],
    ...form(() => ({ customer: 'id' })),
    multipart: true,
    silent: true,
  },
  '/(tenant)/customers/import/preview': {
    needs: 'orders.import',
    methods: ['POST'],
    ...form(() => ({ customer: 'id' })),
    own: ['ok', 'invalid'],
    silent: true,
  },
  '/(tenant)/customers/import/status': { needs: 'orders.import', silent: true },
  '/(tenant)/extracts/[id]/download': {
    needs: 'extracts.download',
    path: ({ extract }) => `/extracts/${extract}/download`,
    absent: ['not found'],
  },
  '/(tenant)/extracts/[id]/status': {
    needs: 'extracts.view',
    path: ({ extract }) => `/extracts/${extract}/status`,
    absent: ['not found'],
    silent: true,
  },
  '/(tenant)/extracts/export': { needs: 'extracts.list' },
  '/(tenant)/extracts/new/submit': {
    needs: 'extracts.submit',
    methods: ['POST'],
    ...form(({ extract }) => ({ dataset: 'customers', format: 'csv', request: extract })),
    // An id of another tenant is free in one's own: the extract is made there.
    absent: ['ok'],
  },
  // As the page: what another tenant has is a place in one's own list.
  '/(tenant)/extracts/status': {
    needs: 'extracts.list',
    path: ({ extract }) => `/extracts/status?before=${extract}`,
    queries: [''],
  },
  '/(tenant)/find': { needs: 'tenant.view', path: ({ customer }) => `/find?q=${customer}` },
  '/(tenant)/model/export': { needs: 'models.view' },
  '/(tenant)/model/report': {
    needs: 'models.view',
    path: ({ endpoint }) => `/model/report?endpoint=${endpoint}`,
    absent: ['not found'],
    silent: true,
  },
  '/(tenant)/model/schema': { needs: 'models.view', silent: true },
  '/(tenant)/model/status': { needs: 'models.view' },
  '/(tenant)/monitoring/data': {
    needs: 'monitoring.view',
    path: ({ endpoint }) => `/monitoring/data?endpoint=${endpoint}`,
    absent: ['not found'],
    silent: true,
  },
  '/(tenant)/subscriptions/[id]/status': {
    needs: 'subscriptions.view',
    path: ({ tenant }) => `/subscriptions/${subscriptionIdOf(tenant)}/status`,
    absent: ['not found'],
    silent: true,
  },
  '/(public)/marketplace/register': {
    needs: null,
    methods: ['POST'],
    // It leads to a page that is not everybody’s.
    own: ['ok', 'sign in', 'forbidden'],
    signedIn: ['ok', 'sign in', 'forbidden'],
    silent: true,
  },
  '/(tenant)/monitoring/export': {
    needs: 'monitoring.view',
    path: ({ endpoint }) => `/monitoring/export?endpoint=${endpoint}`,
    absent: ['not found'],
    silent: true,
  },
  '/(tenant)/overview/status': { needs: 'overview.view' },
  '/(tenant)/overview/work': { needs: 'tenant.view', silent: true },
  '/(tenant)/cost/export': { needs: 'costs.view', silent: true },
  '/(tenant)/people/export': { needs: 'people.list', silent: true },
  '/(tenant)/scoring/comparison': { needs: 'scores.view', silent: true },
  '/(tenant)/scoring/status': { needs: 'customers.list' },
  '/(tenant)/workbench/launch': { needs: 'studio.launch', methods: ['POST'], silent: true },
  '/(tenant)/workbench/running/export': { needs: 'running.view' },
  '/(tenant)/workbench/running/status': { needs: 'running.view' },
  '/(tenant)/workbench/status': { needs: 'workbench.view' },
  // POST is for signing in and out, which other addresses do.
  '/api/auth/[...nextauth]': {
    needs: null,
    methods: ['GET', 'POST'],
    path: () => '/api/auth/session',
    own: ['ok', 'not found'],
  },
  '/api/health': { needs: null },
  '/api/ready': { needs: null },
  '/favicon.ico': { needs: null },
  '/icon.svg': { needs: null },
};
