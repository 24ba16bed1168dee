import type { AuditChains, AuditLog, AuditTrail, AuditTrails } from './audit/ports';
import type { SpendBook, TenantSpend } from './budget/ports';
import type { ScoreStore, StaleScores } from './churn/ports';
import type { ClosingRecord, Closings, ClosingTerms, TenantEstate, TenantRows } from './closing/ports';
import type { BillBook, BillReader, TenantBill } from './costs/ports';
import type { CustomerStore, OrderImporter, OrderImports } from './crm/ports';
import type { Doctor, Doctors } from './doctor/ports';
import type { ExtractPorts, OpenExtractIndex } from './extracts/ports';
import type { JobQueue, TenantJobQueue } from './jobs';
import type { Mailer } from './mail/ports';
import type {
  Agreements,
  ListingBook,
  MarketListings,
  ModelDeployments,
  ProductPages,
  SoldSubscriptions,
  SubscriptionStore,
} from './marketplace/ports';
import type { ContractReports, ModelEndpoints, ModelRegistry } from './models/ports';
import type { EndpointMetrics } from './monitoring/ports';
import type { OnboardingRecord, Onboardings } from './onboarding/ports';
import type { PeopleOfTenants, TenantPeople, TenantUserPool } from './people/ports';
import type { PlanBook, TenantPlan } from './plans/ports';
import type { PolicyBook, SampleReader } from './policies/ports';
import type { WorkQueues } from './queues/ports';
import type { TenantUses } from './quotas/ports';
import type { EndpointCalls, IdleShutdown, RunningResources } from './running/ports';
import type {
  DueHealthChecks,
  ModelStandings,
  ScoreComparisons,
  ScoringRuns,
  ScoringStore,
} from './scoring/ports';
import type { SignUpPorts } from './signup/ports';
import type { PeopleDirectory, TenantDirectory, TenantRecord } from './tenants/ports';
import type {
  OpenWorkbenchIndex,
  Studio,
  WorkbenchCatalog,
  WorkbenchProvisioner,
  WorkbenchStandings,
  WorkbenchStore,
} from './workbench/ports';

/** Everything a verb may reach inside one tenant. The ports are bound to that tenant; no method takes a tenant id. */
export interface TenantPorts {
  readonly tenant: TenantRecord;
  readonly plan: TenantPlan;
  readonly bill: TenantBill;
  readonly spend: TenantSpend;
  readonly audit: AuditLog;
  readonly auditTrail: AuditTrail;
  readonly customers: CustomerStore;
  readonly orders: OrderImporter;
  readonly orderImports: OrderImports;
  readonly extracts: ExtractPorts;
  readonly scores: ScoreStore;
  readonly workbenches: WorkbenchStore;
  readonly catalog: WorkbenchCatalog;
  readonly provisioner: WorkbenchProvisioner;
  readonly studio: Studio;
  readonly running: RunningResources;
  readonly idleShutdown: IdleShutdown;
  readonly endpointCalls: EndpointCalls;
  readonly endpoints: ModelEndpoints;
  readonly models: ModelRegistry;
  readonly endpointMetrics: EndpointMetrics;
  readonly contractReports: ContractReports;
  readonly scoring: ScoringStore;
  readonly scoringRuns: ScoringRuns;
  readonly scoreComparisons: ScoreComparisons;
  readonly market: MarketListings;
  readonly productPages: ProductPages;
  readonly subscriptions: SubscriptionStore;
  readonly deployments: ModelDeployments;
  readonly onboarding: OnboardingRecord;
  readonly closing: ClosingRecord;
  readonly closingTerms: { current(): ClosingTerms };
  readonly rows: TenantRows;
  readonly estate: TenantEstate;
  readonly mail: Mailer;
  readonly people: TenantPeople;
  readonly userPool: TenantUserPool;
  readonly doctor: Doctor;
  readonly jobs: TenantJobQueue;
}

/** Everything a verb may reach for one seller. The ports are bound to that seller. */
export interface SellerPorts {
  readonly listings: ListingBook;
  readonly sold: SoldSubscriptions;
}

/** Everything a verb may reach across tenants: control-plane records, never a tenant's rows. */
export interface ControlPorts {
  /** What belongs to no tenant: what administrators and sellers do. */
  readonly audit: AuditLog;
  readonly auditTrails: AuditTrails;
  readonly auditChains: AuditChains;
  readonly tenants: TenantDirectory;
  readonly people: PeopleDirectory;
  readonly peopleOfTenants: PeopleOfTenants;
  readonly onboardings: Onboardings;
  readonly closings: Closings;
  readonly closingTerms: { current(): ClosingTerms };
  readonly signUp: SignUpPorts;
  readonly catalog: WorkbenchCatalog;
  readonly plans: PlanBook;
  readonly bill: BillReader;
  readonly billBook: BillBook;
  readonly spendBook: SpendBook;
  readonly uses: TenantUses;
  readonly policies: PolicyBook;
  readonly samples: SampleReader;
  readonly dueHealthChecks: DueHealthChecks;
  readonly modelStandings: ModelStandings;
  readonly openWorkbenches: OpenWorkbenchIndex;
  readonly workbenchStandings: WorkbenchStandings;
  readonly openExtracts: OpenExtractIndex;
  readonly staleScores: StaleScores;
  readonly mail: Mailer;
  readonly queues: WorkQueues;
  readonly doctors: Doctors;
  readonly agreements: Agreements;
  readonly jobs: JobQueue;
}
