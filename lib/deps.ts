import { tenantEstate } from './aws/closing/tenant-estate';
import { jobQueue } from './aws/core/job-queue';
import { pingJobsQueue } from './aws/core/ping-queue';
import { billReader } from './aws/costs/bill-reader';
import { examination } from './aws/doctor/examination';
import { extractFiles } from './aws/extracts/extract-files';
import { extractRunner } from './aws/extracts/extract-runner';
import { extractStore } from './aws/extracts/extract-store';
import { extractLoad, openExtractIndex } from './aws/extracts/open-extract-index';
import { mailer } from './aws/mail/mailer';
import { modelDeployments } from './aws/marketplace/model-deployments';
import { modelEndpoints } from './aws/models/model-endpoints';
import { endpointMetrics } from './aws/monitoring/endpoint-metrics';
import { signUpPool } from './aws/people/sign-up-pool';
import { tenantUserPool } from './aws/people/user-pool';
import { workQueues } from './aws/queues/work-queues';
import { endpointCalls } from './aws/running/endpoint-calls';
import { idleShutdown } from './aws/running/idle-shutdown';
import { runningResources } from './aws/running/running-resources';
import { openWorkbenchIndex, workbenchStandings } from './aws/workbench/open-workbench-index';
import { studio } from './aws/workbench/studio';
import { workbenchCatalog } from './aws/workbench/workbench-catalog';
import { workbenchProvisioner } from './aws/workbench/workbench-provisioner';
import { workbenchStore } from './aws/workbench/workbench-store';
import { spendBook, tenantSpend } from './db/budget/spend';
import { scoreStore } from './db/churn/score-store';
import { staleScores } from './db/churn/stale-scores';
import { closingRecord, closings } from './db/closing/closings';
import { tenantRowsOf } from './db/closing/tenant-rows';
import { auditChains } from './db/core/audit-chain';
import { auditLog } from './db/core/audit-log';
import { auditTrail, auditTrails } from './db/core/audit-trail';
import { pingDatabase } from './db/core/client';
import { billBook, tenantBill } from './db/costs/bill-book';
import { customerStore } from './db/crm/customer-store';
import { orderImporter } from './db/crm/order-importer';
import { orderImports } from './db/crm/order-imports';
import { doctorRecord, doctorRecords } from './db/doctor/doctor-runs';
import { extractPolicies } from './db/extracts/extract-policies';
import { extractOrders } from './db/extracts/orders';
import { policyBook } from './db/extracts/policy-book';
import { extractReader, pingReplica } from './db/extracts/replica';
import { sampleReader } from './db/extracts/sample-reader';
import { agreements } from './db/marketplace/agreements';
import { listingBook } from './db/marketplace/listing-book';
import { soldSubscriptions } from './db/marketplace/sold-subscriptions';
import { marketListings, subscriptionStore } from './db/marketplace/subscriptions';
import { contractReports, modelRegistry } from './db/models/model-registry';
import { onboardingRecord, onboardings } from './db/onboarding/onboardings';
import { peopleOfTenants, tenantPeople } from './db/people/tenant-people';
import { planBook } from './db/plans/plan-book';
import { tenantPlan } from './db/plans/tenant-plan';
import { dueHealthChecks } from './db/scoring/due-health-checks';
import { modelStandings } from './db/scoring/model-standings';
import { scoreComparisons } from './db/scoring/score-comparison';
import { scoringRuns } from './db/scoring/scoring-runs';
import { scoringStore } from './db/scoring/scoring-store';
import { signUps } from './db/signup/sign-ups';
import { closeUnused, tenantDirectory } from './db/tenants/tenant-directory';
import { peopleDirectory } from './db/tenants/users';
import { system } from './domain/actor';
import type { ClosingTerms } from './domain/closing/ports';
import type { ControlContext, TenantContext } from './domain/context';
import type { Examination } from './domain/doctor/ports';
import { jobsOf } from './domain/jobs';
import type { ControlPorts, SellerPorts, TenantPorts } from './domain/ports';
import { useOf } from './domain/quotas/use';
import type { SignUpTerms } from './domain/signup/ports';
import { env } from './env';
import { AnnexError, isAnnexError } from './errors';
import { encodeJob } from './jobs/job-envelope';
import { subjectOfEvent, subjectOfJob } from './jobs/message-subject';
import { log } from './log';
import { signUpLimits } from './sign-up-limits';

/** Everything a verb may reach inside `tenantId`, bound to it. Cheap to call: clients, credentials and connections are shared. */
export function tenantPorts(tenantId: string): TenantPorts {
  return {
    tenant: {
      recordAccount: (accountId) => tenantDirectory().recordAccount(tenantId, accountId),
      closeUnused: () => closeUnused(tenantId),
    },
    plan: tenantPlan(tenantId),
    bill: tenantBill(tenantId),
    spend: tenantSpend(tenantId),
    market: marketListings(tenantId),
    productPages: { pattern: async () => env().ANNEX_MARKETPLACE_PAGE },
    subscriptions: subscriptionStore(tenantId),
    deployments: modelDeployments(tenantId),
    onboarding: onboardingRecord(tenantId),
    closing: closingRecord(tenantId),
    closingTerms: { current: closingTerms },
    rows: tenantRowsOf(tenantId),
    estate: tenantEstate(tenantId),
    mail: mailer(),
    audit: auditLog(tenantId),
    auditTrail: auditTrail(tenantId),
    customers: customerStore(tenantId),
    orders: orderImporter(tenantId),
    orderImports: orderImports(tenantId),
    extracts: {
      store: extractStore(tenantId),
      policies: extractPolicies(tenantId),
      reader: extractReader(tenantId),
      runner: extractRunner(tenantId),
      orders: extractOrders(tenantId),
      files: extractFiles(tenantId),
      load: extractLoad(),
    },
    scores: scoreStore(tenantId),
    workbenches: workbenchStore(tenantId),
    catalog: workbenchCatalog(),
    provisioner: workbenchProvisioner(tenantId),
    studio: studio(tenantId),
    running: runningResources(tenantId, () => accountOf(tenantId)),
    endpointCalls: endpointCalls(tenantId, () => accountOf(tenantId)),
    idleShutdown: idleShutdown(tenantId, () => accountOf(tenantId)),
    endpoints: modelEndpoints(tenantId, () => accountOf(tenantId)),
    models: modelRegistry(tenantId),
    endpointMetrics: endpointMetrics(tenantId),
    contractReports: contractReports(tenantId),
    scoring: scoringStore(tenantId),
    scoringRuns: scoringRuns(tenantId),
    scoreComparisons: scoreComparisons(tenantId),
    people: tenantPeople(tenantId),
    userPool: tenantUserPool(tenantId),
    doctor: { ...doctorRecord(tenantId), examine: () => examine(tenantId) },
    jobs: jobsOf(tenantId, jobQueue(encodeJob)),
  };
}

/** The tenant's AWS account. Throws `conflict` while it has none. */
async function accountOf(tenantId: string): Promise<string> {
  const tenant = await tenantDirectory().get(tenantId);
  if (tenant?.accountId) return tenant.accountId;
  throw new AnnexError('conflict', 'Your organisation has no AWS account yet. Request the workbench first.');
}

/** Everything a verb may reach across tenants. */
export function controlPorts(): ControlPorts {
  return {
    audit: auditLog(null),
    auditTrails: auditTrails(),
    auditChains: auditChains(),
    tenants: tenantDirectory(),
    people: peopleDirectory(),
    peopleOfTenants: peopleOfTenants(),
    onboardings: onboardings(),
    closings: closings(),
    closingTerms: { current: closingTerms },
    signUp: { terms: { current: signUpTerms }, store: signUps(), pool: signUpPool(), limits: signUpLimits() },
    catalog: workbenchCatalog(),
    plans: planBook(),
    bill: billReader(),
    billBook: billBook(),
    spendBook: spendBook(),
    uses: { of: (tenantId, now) => useOf(tenantPorts(tenantId), now) },
    policies: policyBook(),
    samples: sampleReader(),
    dueHealthChecks: dueHealthChecks(),
    modelStandings: modelStandings(),
    openWorkbenches: openWorkbenchIndex(),
    workbenchStandings: workbenchStandings(),
    openExtracts: openExtractIndex(),
    staleScores: staleScores(),
    mail: mailer(),
    queues: workQueues({ jobs: subjectOfJob, events: subjectOfEvent }),
    doctors: {
      ...doctorRecords(),
      of: (tenantId) => ({ ...doctorRecords().of(tenantId), examine: () => examine(tenantId) }),
    },
    agreements: agreements(),
    jobs: jobQueue(encodeJob),
  };
}

/** Everything a verb may reach for `sellerId`, bound to it. */
export const sellerPorts = (sellerId: string): SellerPorts => ({
  listings: listingBook(sellerId),
  sold: soldSubscriptions(sellerId),
});

/** How tenants are closed here, by this process’s settings. */
function closingTerms(): ClosingTerms {
  const { ANNEX_CLOSE_GRACE_DAYS: graceDays, NEXTAUTH_URL: portal } = env();
  return { graceDays, portal: new URL(portal).origin };
}

/** An examination of the tenant's links, whoever asks: it tells how things stand, and nothing that is in them. */
async function examine(tenantId: string): Promise<Examination> {
  const [tenant, workbench, active, usual] = await Promise.all([
    tenantDirectory().get(tenantId),
    orNull(workbenchStandings().of(tenantId)),
    modelRegistry(tenantId).active(),
    orNull(workbenchCatalog().usual()),
  ]);
  const { accountId = null } = tenant ?? {};
  return examination(
    { tenantId, accountId, workbench, endpointName: active?.endpointName ?? null, usual },
    pingReplica,
  );
}

/** What AWS cannot tell now; the doctor says which link it is. */
const orNull = async <T>(reading: Promise<T>): Promise<T | null> =>
  reading.catch((error: unknown) => {
    if (isAnnexError(error)) return null;
    throw error;
  });

/** How organisations sign up here, by this process’s settings. */
function signUpTerms(): SignUpTerms {
  const { ANNEX_SIGN_UP: mode, ANNEX_SIGN_UP_CONTACT: contact, NEXTAUTH_URL: portal } = env();
  return { mode, contact: contact || null, portal: new URL(portal).origin };
}

/**
 * A context for the system inside a tenant; `requestId` is the id of the message or command. Throws `not_found` for an unknown
 * tenant.
 */
export async function tenantContextForSystem(tenantId: string, requestId: string): Promise<TenantContext> {
  const tenant = await tenantDirectory().get(tenantId);
  if (!tenant) throw new AnnexError('not_found', `Tenant ${tenantId} does not exist.`);
  return {
    actor: system,
    tenant,
    requestId,
    ports: tenantPorts(tenantId),
    log: log.child({ tenant: tenantId, request: requestId }),
    now: () => new Date(),
  };
}

/** A context for the system across tenants. */
export function controlContextForSystem(requestId: string): ControlContext {
  return {
    actor: system,
    requestId,
    ports: controlPorts(),
    log: log.child({ request: requestId }),
    now: () => new Date(),
  };
}

/** Checks of the stores that the portal needs. Each throws when its store does not respond. */
export const readinessChecks: Readonly<Record<string, () => Promise<unknown>>> = {
  database: pingDatabase,
  queue: pingJobsQueue,
  requests: () => openWorkbenchIndex().open({ limit: 1 }),
};
