import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '@/lib/domain/actor';
import { roles } from '@/lib/domain/actor';
import { type Action, permissions } from '@/lib/domain/authorize';

/** Every verb with the permission that it asks for, by capability. A new verb gets a line here. */
export const expectedVerbs: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  audit: { listAudit: 'audit.list', listOwnAudit: 'audit.view', verifyAudit: 'audit.verify' },
  churn: { refitDefault: 'churn.refit', sweepScores: 'scores.sweep' },
  closing: {
    advanceClosing: 'tenants.advance-closing',
    closeTenant: 'tenants.close',
    deleteNow: 'tenants.close',
    exportTenant: 'tenant.export',
    getClosing: 'tenants.view',
    getExport: 'tenant.export',
    keepTenant: 'tenants.close',
    retryClosing: 'tenants.close',
    sweepClosings: 'tenants.advance-closing',
  },
  crm: {
    crmOverview: 'customers.list',
    customerOrders: 'customers.view',
    exportCustomers: 'customers.export',
    getCustomer: 'customers.view',
    importOrders: 'orders.import',
    latestImport: 'orders.import',
    listCustomers: 'customers.list',
    previewOrders: 'orders.import',
  },
  doctor: {
    diagnoseTenant: 'tenants.diagnose',
    getDiagnosis: 'tenants.view',
    getDoctor: 'doctor.view',
    listHealth: 'tenants.list',
    runDoctor: 'doctor.run',
  },
  costs: {
    getBrake: 'studio.launch',
    getBudget: 'costs.view',
    getCosts: 'costs.view',
    getTenantCost: 'costs.list',
    listCosts: 'costs.list',
    mailBudgetNotices: 'costs.warn',
    measureSpend: 'costs.measure',
    refreshBill: 'costs.refresh',
    sweepSpend: 'costs.sweep',
  },
  extracts: {
    advanceExtract: 'extracts.advance',
    cancelExtract: 'extracts.cancel',
    downloadExtract: 'extracts.download',
    estimateExtract: 'extracts.preview',
    exportExtracts: 'extracts.list',
    getExtract: 'extracts.view',
    listDatasets: 'datasets.list',
    listExtracts: 'extracts.list',
    previewExtract: 'extracts.preview',
    retryExtract: 'extracts.retry',
    submitExtract: 'extracts.submit',
    sweepExtracts: 'extracts.sweep',
  },
  marketplace: {
    addListingVersion: 'listings.change',
    advanceSubscription: 'subscriptions.advance',
    changeListing: 'listings.change',
    createListing: 'listings.create',
    getListing: 'listings.view',
    getSubscription: 'subscriptions.view',
    handleMarketplaceEvent: 'subscriptions.provision',
    listListings: 'listings.view',
    listMarket: 'market.view',
    listSold: 'sold.view',
    listSubscriptions: 'subscriptions.view',
    publishListing: 'listings.publish',
    retireListing: 'listings.publish',
    retrySubscription: 'subscriptions.retry',
    sweepSubscriptions: 'subscriptions.advance',
  },
  models: {
    activateEndpoint: 'models.activate',
    activateVersion: 'models.activate',
    backToDefault: 'models.activate',
    checkActiveEndpoint: 'models.view',
    exportVersions: 'models.view',
    finishRollBack: 'models.roll-back',
    getInterface: 'models.view',
    getModel: 'models.view',
    getReport: 'models.view',
    listEndpoints: 'models.view',
    listVersions: 'models.view',
    testEndpoint: 'models.test',
  },
  monitoring: { getMetrics: 'monitoring.view' },
  onboarding: {
    advanceOnboarding: 'tenants.advance-onboarding',
    getOnboarding: 'tenants.view',
    importTenants: 'tenants.onboard',
    listWorkbenchesToOffer: 'tenants.onboard',
    onboardTenant: 'tenants.onboard',
    retryOnboarding: 'tenants.onboard',
    sweepOnboardings: 'tenants.advance-onboarding',
    undoOnboarding: 'tenants.onboard',
  },
  plans: {
    assignPlan: 'plans.assign',
    changePlan: 'plans.change',
    createPlan: 'plans.create',
    listPlanChoices: 'plans.list',
    listPlans: 'plans.list',
    retirePlan: 'plans.retire',
    viewPlan: 'plans.view',
  },
  policies: {
    changePolicy: 'policies.change',
    endOverride: 'policies.change',
    listPolicies: 'policies.list',
    previewPolicy: 'policies.view',
    reviewPolicy: 'policies.view',
    viewPolicy: 'policies.view',
  },
  overview: { getOverview: 'tenant.view', getTenantsOverview: 'tenants.overview' },
  people: {
    changeRole: 'people.change-role',
    getPerson: 'people.list',
    invitePerson: 'people.invite',
    listPeople: 'people.list',
    listPeopleOfTenant: 'tenants.view',
    removePerson: 'people.remove',
    resendInvitation: 'people.send-invitation',
    setAccess: 'people.set-access',
  },
  queues: {
    countMessages: 'queues.view',
    discardMessage: 'queues.discard',
    redriveAll: 'queues.redrive',
    redriveMessage: 'queues.redrive',
    viewQueues: 'queues.view',
  },
  running: {
    getIdleShutdown: 'running.view',
    listRunning: 'running.view',
    quietTenant: 'tenants.quiet',
    setIdleShutdown: 'running.set-idle',
    stopRunningApp: 'running.stop',
    stopRunningEndpoint: 'running.stop',
    viewRunning: 'running.view',
  },
  quotas: { getQuotas: 'quotas.view', getQuotasOfTenant: 'plans.view' },
  scoring: {
    checkEndpointHealth: 'scores.look',
    compareWithDefault: 'scores.compare',
    getComparison: 'scores.view',
    getModelStanding: 'tenants.view',
    getScoring: 'scores.view',
    scoreAllNow: 'scores.run',
    scoreCustomers: 'scores.refresh',
    sweepScoring: 'scores.sweep',
  },
  signup: {
    approveTenant: 'tenants.approve',
    confirmSignUp: 'sign-up.confirm',
    declineTenant: 'tenants.decline',
    getSignUp: 'sign-up.start',
    getSignUpTerms: 'sign-up.start',
    getTenantRequest: 'tenants.view',
    renameOrganisation: 'sign-up.confirm',
    resendCode: 'sign-up.start',
    startSignUp: 'sign-up.start',
    sweepSignUps: 'sign-up.expire',
  },
  tenants: {
    disablePerson: 'people.disable',
    enablePerson: 'people.enable',
    getSuspension: 'tenants.view',
    getTenant: 'tenants.view',
    listTenants: 'tenants.list',
    resumeTenant: 'tenants.resume',
    suspendTenant: 'tenants.suspend',
  },
  workbench: {
    advanceWorkbench: 'workbench.advance',
    getSpaceRefusal: 'studio.launch',
    getStanding: 'tenants.view',
    getStudioSession: 'studio.launch',
    getUsualDurations: 'workbench.view',
    getWorkbench: 'workbench.view',
    handleAccountEvent: 'tenants.provision',
    launchStudio: 'studio.launch',
    listSpaces: 'studio.launch',
    listVariants: 'workbench.view',
    requestWorkbench: 'workbench.request',
    retryStep: 'workbench.retry',
    sweepWorkbenches: 'workbench.sweep',
  },
};

type Verb = ((context: object, input: unknown) => Promise<unknown>) & { readonly action: Action };

/** The verbs of `lib/domain`, by capability and name. */
export async function everyVerb(): Promise<Record<string, Record<string, Verb>>> {
  const root = join(import.meta.dirname, '../../lib/domain');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^\w+\/verbs\/[\w-]+\.ts$/.test(file))
    .sort();
  const found: Record<string, Record<string, Verb>> = {};
  for (const file of files) {
    const module: Record<string, unknown> = await import(join(root, file));
    const [capability = ''] = file.split('/');
    for (const [name, value] of Object.entries(module)) {
      if (!isVerb(value)) continue;
      found[capability] ??= {};
      found[capability][name] = value;
    }
  }
  return found;
}

const isVerb = (value: unknown): value is Verb => typeof value === 'function' && 'action' in value;

/** Somebody who calls a verb: the roles held, and the state of the tenant. */
interface Caller {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly state: 'active' | 'suspended' | 'closing';
}

/** The roles that work inside a tenant. */
const tenantRoles: readonly Role[] = permissions['tenant.view'];

const verbCallers: readonly Caller[] = [
  { name: 'nobody', roles: [], state: 'active' },
  ...roles.map((role) => ({ name: role, roles: [role], state: 'active' as const })),
  ...(['suspended', 'closing'] as const).flatMap((state) =>
    roles
      .filter((role) => tenantRoles.includes(role))
      .map((role) => ({ name: `${role} of a tenant that is ${state}`, roles: [role], state })),
  ),
];

/**
 * Calls `verb` as everybody, with ports that fail when they are touched. Returns what differs from the permission table, and
 * how many calls it made.
 */
export async function callAsEverybody(
  verb: Verb,
  action: Action,
): Promise<{ readonly faults: readonly string[]; readonly calls: number }> {
  const faults: string[] = [];
  const allowed: readonly Role[] = permissions[action];
  for (const { name, roles: held, state } of verbCallers) {
    const refused = await isRefused(verb, held, state);
    const stillOpen = state === 'closing' && action === 'tenant.export';
    const shut = state !== 'active' && !stillOpen && !held.includes('system');
    const expected = shut || !held.some((role) => allowed.includes(role));
    if (refused !== expected) faults.push(`${action} as ${name}: ${refused ? 'refused' : 'not refused'}`);
  }
  return { faults, calls: verbCallers.length };
}

async function isRefused(verb: Verb, held: readonly Role[], state: Caller['state']): Promise<boolean> {
  const untouchable = new Proxy({}, { get: (_, name) => fail(`${String(name)} was touched`) });
  const context = {
    actor: { id: 'x', name: 'x', roles: held },
    tenant: { id: 'foo', name: 'Foo', state, accountId: null, createdAt: new Date(0) },
    ports: untouchable,
    requestId: 'r',
    log: untouchable,
    now: () => new Date(),
  };
  // An input that no verb accepts: whoever is allowed learns so, before any port is touched.
  return verb(context, Symbol('no input')).then(
    () => false,
    (error: { readonly code?: string }) => error.code === 'forbidden',
  );
}

function fail(message: string): never {
  throw new Error(message);
}
