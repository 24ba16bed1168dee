import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpointMetrics } from '@/lib/aws/monitoring/endpoint-metrics';
import { openWorkbenchIndex } from '@/lib/aws/workbench/open-workbench-index';
import { studio } from '@/lib/aws/workbench/studio';
import { workbenchCatalog } from '@/lib/aws/workbench/workbench-catalog';
import { workbenchProvisioner } from '@/lib/aws/workbench/workbench-provisioner';
import { workbenchStore } from '@/lib/aws/workbench/workbench-store';
import type { Role } from '@/lib/domain/actor';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { ControlContext, Log, TenantContext } from '@/lib/domain/context';
import type { Job, JobQueue } from '@/lib/domain/jobs';
import type { Tenant } from '@/lib/domain/tenants/tenant';
import { untouchable } from '@/lib/domain/testing/workbench-world';
import { AnnexError } from '@/lib/errors';
import type { StandIn } from '@/local/aws/core/service';
import { type KeyPair, readPortalCredentials } from '@/local/aws/iam/portal-credentials';
import { startAws } from '@/local/aws/server';
import { productEnvironment } from '@/local/environment';
import { freePort } from '@/local/free-port';

export interface TestAws {
  readonly origin: string;
  /** The stand-in itself, for what AWS does behind the scenes. */
  readonly standIn: StandIn;
  /** What the product runs with, beside this AWS. `DATABASE_URL` leads nowhere. */
  readonly environment: Readonly<Record<string, string>>;
  /** Makes the next `times` things at `point` fail (`account.vend`, `baseline.fail`, `domain.fail`, `request`, `answer` …). */
  fault(
    point: string,
    subject: string,
    how?: { readonly times?: number; readonly message?: string },
  ): Promise<void>;
  stop(): Promise<void>;
}

/** What the product runs with beside the AWS at `origin`, with the portal's `keys`, and beside nothing else. */
export function besideAws(origin: string, keys: KeyPair): Readonly<Record<string, string>> {
  return productEnvironment(
    { portal: 1, aws: Number(new URL(origin).port), cognito: 1, postgres: 1, standby: 1 },
    {
      nextAuthSecret: 'x'.repeat(32),
      cognitoClientSecret: 'x',
      portalDatabaseUrl: 'postgres://nobody@localhost:1/none',
      ...keys,
    },
  );
}

/**
 * Starts AWS of one's own on a free port, and sets this process's environment to it. `stepMs`: length of one step;
 * `replicaUrl`: what its Glue reads.
 */
export async function startTestAws(
  stepMs = 40,
  more: { readonly replicaUrl?: string } = {},
): Promise<TestAws> {
  const dir = await mkdtemp(join(tmpdir(), 'annex-aws-'));
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const running = await startAws({ ...more, dir, port: await freePort(), stepMs, log });
  const environment = besideAws(running.origin, await readPortalCredentials(dir));
  Object.assign(process.env, environment);
  return {
    origin: running.origin,
    standIn: running.standIn,
    environment,
    async fault(point, subject, { times = 1, message = 'Asked for by a test.' } = {}) {
      const answer = await fetch(`${running.origin}/_annex/faults`, {
        method: 'POST',
        body: JSON.stringify({ point, subject, times, message }),
      });
      if (!answer.ok) throw new Error(`The fault was not taken: ${answer.status}`);
    },
    async stop() {
      await running.stop();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const log: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Tenants over the wire to AWS, with the database and the queue in memory. */
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
      ports: {
        tenant: { recordAccount: (accountId) => this.recordAccount(tenantId, accountId) },
        audit: { append: async (event) => void this.audit.push(event) },
        workbenches: workbenchStore(tenantId),
        catalog: workbenchCatalog(),
        provisioner: workbenchProvisioner(tenantId),
        studio: studio(tenantId),
        jobs: this.queue,
        customers: untouchable('customers'),
        orders: untouchable('orders'),
        extracts: untouchable('extracts'),
        scores: untouchable('scores'),
        endpoints: untouchable('endpoints'),
        models: untouchable('models'),
        endpointMetrics: endpointMetrics(tenantId),
        contractReports: untouchable('contract reports'),
        scoring: untouchable('scoring'),
        scoringRuns: untouchable('scoring runs'),
        scoreComparisons: untouchable('score comparisons'),
      },
    };
  }

  asControl(role: Role): ControlContext {
    return {
      ...this.base(role),
      ports: {
        tenants: untouchable('tenants'),
        scoringWatch: untouchable('scoring watch'),
        openWorkbenches: openWorkbenchIndex(),
        openExtracts: untouchable('openExtracts'),
        staleScores: untouchable('stale scores'),
        jobs: this.queue,
      },
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
