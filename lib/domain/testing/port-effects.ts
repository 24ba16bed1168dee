import type { ControlPorts, SellerPorts, TenantPorts } from '../ports';

/**
 * What a method of a port does to the world. `changes`: something that people own, see or pay for is another afterwards, in a store or in
 * AWS, so somebody has to be named in the audit. `works`: Annex’s own bookkeeping, which nobody asked for and nobody sees the less: a job
 * sent, a lease taken, progress told.
 */
type Effect = 'reads' | 'changes' | 'works';

/** Every method of `P`, however deep. */
export type Effects<P> = {
  readonly [K in keyof P]: P[K] extends (...args: never[]) => unknown ? Effect : Effects<P[K]>;
};

export const tenantEffects: Effects<TenantPorts> = {
  tenant: { recordAccount: 'changes', closeUnused: 'changes' },
  mail: { send: 'changes' },
  closing: { load: 'reads', update: 'changes', end: 'changes' },
  closingTerms: { current: 'reads' },
  rows: { every: 'reads', count: 'reads', purge: 'changes' },
  estate: {
    count: 'reads',
    deleteEndpoints: 'changes',
    emptyStudio: 'changes',
    emptyBucket: 'changes',
    deleteBaseline: 'changes',
    closeAccount: 'changes',
    countRequests: 'reads',
    deleteRequests: 'changes',
  },
  plan: { current: 'reads' },
  market: { published: 'reads', get: 'reads', version: 'reads' },
  productPages: { pattern: 'reads' },
  subscriptions: { list: 'reads', get: 'reads', update: 'changes' },
  deployments: {
    createModel: 'changes',
    createConfiguration: 'changes',
    endpoint: 'changes',
    // An invocation leaves no state.
    test: 'reads',
    remove: 'changes',
  },
  onboarding: { load: 'reads', update: 'changes' },
  people: {
    list: 'reads',
    get: 'reads',
    count: 'reads',
    add: 'changes',
    forget: 'changes',
    change: 'changes',
  },
  userPool: {
    create: 'changes',
    adopt: 'changes',
    unfinished: 'reads',
    sendInvitation: 'changes',
    setRole: 'changes',
    setEnabled: 'changes',
    remove: 'changes',
  },
  audit: { append: 'works' },
  auditTrail: { list: 'reads' },
  customers: { overview: 'reads', list: 'reads', get: 'reads', orders: 'reads', export: 'reads' },
  orders: { import: 'changes', preview: 'reads' },
  // The record of an import, which ends with it; the import itself changes the orders.
  orderImports: { latest: 'reads', begin: 'works', progress: 'works', end: 'works' },
  extracts: {
    store: {
      get: 'reads',
      create: 'changes',
      update: 'changes',
      remove: 'changes',
      list: 'reads',
      open: 'reads',
      requestedSince: 'reads',
    },
    policies: { current: 'reads', all: 'reads' },
    reader: { preview: 'reads', estimateRows: 'reads' },
    runner: { start: 'changes', find: 'reads', run: 'reads', stop: 'changes' },
    orders: { seal: 'works' },
    files: { verify: 'reads', downloadUrl: 'changes' },
    load: { running: 'reads' },
  },
  scores: { rescore: 'changes' },
  workbenches: { live: 'reads', get: 'reads', createLive: 'changes', update: 'changes' },
  catalog: { variants: 'reads', usual: 'reads' },
  provisioner: {
    provisionAccount: 'changes',
    account: 'reads',
    discardFailedAccount: 'changes',
    baseline: 'reads',
    retryBaseline: 'changes',
    domain: 'reads',
  },
  // A link that opens something for whoever has it counts as a change: it is handed out once, to somebody.
  studio: {
    ensureUserProfile: 'changes',
    sessionSeconds: 'reads',
    space: 'reads',
    spaces: 'reads',
    presignedUrl: 'changes',
  },
  running: { apps: 'reads', endpoints: 'reads', stopApp: 'changes', stopEndpoint: 'changes' },
  endpointCalls: { ofWeek: 'reads' },
  idleShutdown: { ofDomain: 'reads', change: 'changes', ofOwner: 'reads', ended: 'reads' },
  // An invocation leaves a row in the tenant’s own data capture, and no state.
  endpoints: { list: 'reads', describe: 'reads', deployed: 'reads', deployAgain: 'changes', invoke: 'reads' },
  models: {
    versions: 'reads',
    version: 'reads',
    endpoints: 'reads',
    registered: 'reads',
    countEndpoints: 'reads',
    register: 'changes',
    active: 'reads',
    activate: 'changes',
    activations: 'reads',
    newestActivations: 'reads',
  },
  endpointMetrics: { read: 'reads', variants: 'reads' },
  contractReports: { keep: 'changes', newest: 'reads' },
  scoring: { read: 'reads', change: 'changes' },
  scoringRuns: {
    open: 'changes',
    claim: 'works',
    rows: 'reads',
    store: 'works',
    complete: 'changes',
    fail: 'changes',
    supersede: 'changes',
    finishIndexes: 'works',
    // Scores that nobody sees.
    tidy: 'works',
  },
  // A comparison is computed from what is there, and replaced as often as one likes.
  scoreComparisons: { pairs: 'reads', past: 'reads', newest: 'reads', keep: 'works' },
  // What was found is shown to people, so it says who asked.
  doctor: { examine: 'reads', last: 'reads', begin: 'works', release: 'works', keep: 'changes' },
  bill: { standing: 'reads', of: 'reads' },
  // What was measured is Annex’s own record; that a share of the budget was reached has consequences.
  spend: {
    standing: 'reads',
    days: 'reads',
    add: 'works',
    fail: 'works',
    notices: 'reads',
    reach: 'changes',
  },
  jobs: { send: 'works' },
};

export const sellerEffects: Effects<SellerPorts> = {
  sold: { list: 'reads' },
  listings: {
    list: 'reads',
    get: 'reads',
    versions: 'reads',
    create: 'changes',
    change: 'changes',
    move: 'changes',
    addVersion: 'changes',
  },
};

export const controlEffects: Effects<ControlPorts> = {
  agreements: { record: 'changes', open: 'reads' },
  audit: { append: 'works' },
  auditTrails: { list: 'reads' },
  auditChains: { names: 'reads', verify: 'reads' },
  tenants: {
    get: 'reads',
    list: 'reads',
    counts: 'reads',
    newest: 'reads',
    requested: 'reads',
    some: 'reads',
    recordAccount: 'changes',
    findByAccount: 'reads',
    move: 'changes',
  },
  plans: {
    list: 'reads',
    choices: 'reads',
    get: 'reads',
    versions: 'reads',
    inForce: 'reads',
    create: 'changes',
    append: 'changes',
    assign: 'changes',
    retire: 'changes',
  },
  uses: { of: 'reads' },
  policies: {
    summaries: 'reads',
    versions: 'reads',
    inForce: 'reads',
    overridden: 'reads',
    append: 'changes',
  },
  samples: { read: 'reads' },
  modelStandings: { of: 'reads' },
  queues: {
    standings: 'reads',
    ages: 'reads',
    deadLetters: 'reads',
    // Nobody sees a letter less: it comes back by itself.
    hold: 'works',
    sendBack: 'changes',
    sendAllBack: 'changes',
    discard: 'changes',
  },
  peopleOfTenants: { list: 'reads' },
  closings: { get: 'reads', begin: 'changes', update: 'changes', open: 'reads' },
  closingTerms: { current: 'reads' },
  onboardings: { get: 'reads', create: 'changes', taken: 'reads', update: 'changes', open: 'reads' },
  signUp: {
    terms: { current: 'reads' },
    // A sign-up that is not confirmed is nobody’s.
    store: {
      add: 'works',
      get: 'reads',
      ofTenant: 'reads',
      recent: 'reads',
      count: 'works',
      confirm: 'works',
      request: 'changes',
      decide: 'changes',
      expired: 'reads',
      remove: 'works',
    },
    pool: {
      passwordFault: 'reads',
      signUp: 'changes',
      confirm: 'changes',
      resend: 'changes',
      assign: 'changes',
      remove: 'changes',
    },
    limits: { take: 'works' },
  },
  catalog: { variants: 'reads', usual: 'reads' },
  mail: { send: 'changes' },
  people: { setDisabled: 'changes' },
  dueHealthChecks: { due: 'reads' },
  openWorkbenches: { open: 'reads' },
  workbenchStandings: { list: 'reads', of: 'reads' },
  openExtracts: { open: 'reads' },
  // Each is a doctor as above.
  doctors: { of: 'reads', health: 'reads' },
  staleScores: { claim: 'works' },
  bill: { page: 'reads', newestDay: 'reads' },
  // A copy of AWS’s bill.
  billBook: {
    standing: 'reads',
    begin: 'works',
    add: 'works',
    show: 'works',
    fail: 'works',
    list: 'reads',
    of: 'reads',
  },
  spendBook: { standing: 'reads', claim: 'works', unmailed: 'reads', mailed: 'works' },
  jobs: { send: 'works' },
};
