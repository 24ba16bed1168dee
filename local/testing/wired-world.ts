import { endpointMetrics } from '@/lib/aws/monitoring/endpoint-metrics';
import { openWorkbenchIndex } from '@/lib/aws/workbench/open-workbench-index';
import { studio } from '@/lib/aws/workbench/studio';
import { workbenchCatalog } from '@/lib/aws/workbench/workbench-catalog';
import { workbenchProvisioner } from '@/lib/aws/workbench/workbench-provisioner';
import { workbenchStore } from '@/lib/aws/workbench/workbench-store';
import type { Role } from '@/lib/domain/actor';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { ControlContext, Log, TenantContext } from '@/lib/domain/context';
import { type Job, type JobQueue, jobsOf } from '@/lib/domain/jobs';
import type { ControlPorts, TenantPorts } from '@/lib/domain/ports';
import type { Tenant } from '@/lib/domain/tenants/tenant';
import { standardPlan } from '@/lib/domain/testing/standard-plan';
import { withTheRest } from '@/lib/domain/testing/untouchable';
import { AnnexError } from '@/lib/errors';

const log: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Tenants whose AWS is real HTTP to the stand-ins, while database and queue are in memory. */
export class WiredWorld {
  readonly tenants = new Map<string, Tenant>();
  readonly audit: AuditEvent[] = [];
  readonly jobs: Job[] = [];

  constructor(...tenantIds: string[]) {
    for (const id of tenantIds) {
      this.tenants.set(id, { id, name: id, state: 'active', accountId: null, createdAt: new Date(0) });
    }
  }

  private readonly queue: JobQueue = { send: async (job) => void this.jobs.push(job) };

  as(role: Role, tenantId: string): TenantContext {
    return {
      ...this.base(role),
      tenant: this.tenant(tenantId),
      ports: withTheRest<TenantPorts>({
        tenant: {
          recordAccount: (accountId) => this.recordAccount(tenantId, accountId),
          closeUnused: async () => undefined,
        },
        audit: { append: async (event) => void this.audit.push(event) },
        plan: { current: async () => standardPlan() },
        workbenches: workbenchStore(tenantId),
        catalog: workbenchCatalog(),
        provisioner: workbenchProvisioner(tenantId),
        studio: studio(tenantId),
        jobs: jobsOf(tenantId, this.queue),
        endpointMetrics: endpointMetrics(tenantId),
      }),
    };
  }

  asControl(role: Role): ControlContext {
    return {
      ...this.base(role),
      ports: withTheRest<ControlPorts>({ openWorkbenches: openWorkbenchIndex(), jobs: this.queue }),
    };
  }

  tenant(tenantId: string): Tenant {
    const tenant = this.tenants.get(tenantId);
    if (!tenant) throw new Error(`no tenant ${tenantId}`);
    return tenant;
  }

  private async recordAccount(tenantId: string, accountId: string): Promise<void> {
    const tenant = this.tenant(tenantId);
    if ((tenant.accountId ?? accountId) !== accountId) throw new AnnexError('conflict', 'another account');
    this.tenants.set(tenantId, { ...tenant, accountId });
  }

  private base(role: Role) {
    const actor = { id: `sub-${role}`, name: `${role}@foo.example`, roles: [role] };
    return { actor, requestId: 'test', log, now: () => new Date() };
  }
}
