import type { AuditLog } from './audit/ports';
import type { ScoreStore, StaleScores } from './churn/ports';
import type { CustomerStore, OrderImporter } from './crm/ports';
import type { JobQueue } from './jobs';
import type { TenantDirectory, TenantRecord } from './tenants/ports';
import type {
  OpenWorkbenchIndex,
  Studio,
  WorkbenchCatalog,
  WorkbenchProvisioner,
  WorkbenchStore,
} from './workbench/ports';

/** Everything a verb may reach inside one tenant. Made for that tenant; no method takes a tenant id. */
export interface TenantPorts {
  readonly tenant: TenantRecord;
  readonly audit: AuditLog;
  readonly customers: CustomerStore;
  readonly orders: OrderImporter;
  readonly scores: ScoreStore;
  readonly workbenches: WorkbenchStore;
  readonly catalog: WorkbenchCatalog;
  readonly provisioner: WorkbenchProvisioner;
  readonly studio: Studio;
  readonly jobs: JobQueue;
}

/** Everything a verb may reach across tenants: control-plane records, never a tenant's rows. */
export interface ControlPorts {
  readonly tenants: TenantDirectory;
  readonly openWorkbenches: OpenWorkbenchIndex;
  readonly staleScores: StaleScores;
  readonly jobs: JobQueue;
}
