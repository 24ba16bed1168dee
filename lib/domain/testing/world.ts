import { isAnnexError } from '@/lib/errors';
import type { Actor, Role } from '../actor';
import type { AuditEvent, AuditLog } from '../audit/ports';
import type { ControlContext, Log, TenantContext } from '../context';
import { type Job, type JobQueue, jobsOf } from '../jobs';
import type { PlanLimits } from '../plans/ports';
import type { ControlPorts, TenantPorts } from '../ports';
import type { Tenant } from '../tenants/tenant';
import { Crash, type Killer, watched } from './crash';
import { standardPlan, standardPlans } from './standard-plan';
import { withTheRest } from './untouchable';

const redeliveryMs = 30_000;

/** A job that was sent; `dueAt` in ms since the epoch. */
export interface Message {
  readonly job: Job;
  readonly delaySeconds?: number;
  dueAt: number;
  /** Set once its work was interrupted. */
  again?: true;
}

/**
 * One tenant with fakes only: clock, audit log, job queue, and the killer of the worker. The world of each capability adds its
 * own fakes and lists its ports in `as`.
 */
export abstract class World {
  clock = Date.parse('2026-03-01T10:00:00Z');
  tenant: Tenant = {
    id: 'foo',
    name: 'Foo',
    state: 'active',
    accountId: '111111111111',
    createdAt: new Date(0),
  };
  readonly audit: AuditEvent[] = [];
  /** Jobs sent and not yet done. */
  readonly messages: Message[] = [];
  /** Warnings and errors in the log. */
  readonly warnings: string[] = [];
  killer: Killer | null = null;
  /** How the tenant’s plan differs from the standard one. */
  limits: Partial<PlanLimits> = {};

  readonly log: Log = {
    info: () => {},
    warn: (_fields, message) => this.warnings.push(message),
    error: (_fields, message) => this.warnings.push(message),
  };

  private readonly shared: { readonly audit: AuditLog; readonly jobs: JobQueue } = {
    audit: {
      append: async (event) => this.recorded(event),
    },
    jobs: {
      send: async (job, { delaySeconds = 0 } = {}) => {
        this.messages.push({ job, delaySeconds, dueAt: this.clock + delaySeconds * 1000 });
      },
    },
  };

  /** Appends an event as the audit log does, for ports that store it in their own transaction. Null: there is none. */
  protected recorded(event: AuditEvent | null | undefined): void {
    if (!event) return;
    const known = this.audit.some(({ idempotencyKey }) => idempotencyKey === event.idempotencyKey);
    if (!known || event.idempotencyKey === undefined) this.audit.push(event);
  }

  /** How many jobs of the kind are sent and not yet done. */
  sent(kind: Job['kind']): number {
    return this.messages.filter(({ job }) => job.kind === kind).length;
  }

  /** A context for an actor of the tenant with the audit log, the queue and these ports; the killer watches each. */
  protected tenantContext(
    role: Role,
    ports: Partial<TenantPorts>,
    who: Partial<Actor> & { readonly requestId?: string } = {},
  ): TenantContext {
    return {
      ...this.base({ id: 'sub-1', name: 'ada@foo.example', roles: [role] }, who),
      tenant: this.tenant,
      ports: withTheRest<TenantPorts>(
        this.watchedPorts({
          audit: this.shared.audit,
          jobs: jobsOf(this.tenant.id, this.shared.jobs),
          plan: { current: async () => standardPlan(this.limits) },
          ...ports,
        }),
      ),
    };
  }

  /** A context across tenants with the audit log, the queue and these ports. */
  protected controlContext(role: Role, ports: Partial<ControlPorts>): ControlContext {
    return {
      ...this.base({ id: 'worker', name: 'Annex', roles: [role] }),
      ports: withTheRest<ControlPorts>(
        this.watchedPorts({ ...this.shared, plans: standardPlans(() => this.limits), ...ports }),
      ),
    };
  }

  /** The ports, each watched by the killer. */
  protected watchedPorts<T extends object>(ports: T): T {
    const all = Object.entries(ports).map(([name, port]) => [name, watched(port, () => this.killer)]);
    return Object.fromEntries(all) as T;
  }

  /** The message that is due first. */
  protected nextMessage(): Message | undefined {
    this.messages.sort((a, b) => a.dueAt - b.dueAt);
    return this.messages[0];
  }

  /** Does the work of one message at its due time; after a crash, the message comes again later. */
  protected async handle(message: Message, work: () => Promise<unknown>): Promise<void> {
    this.clock = Math.max(this.clock, message.dueAt);
    try {
      await work();
      this.messages.splice(this.messages.indexOf(message), 1);
    } catch (error) {
      if (!(error instanceof Crash) && !(isAnnexError(error) && error.transient)) throw error;
      message.dueAt = this.clock + redeliveryMs;
      message.again = true;
    }
  }

  private base(
    standard: Actor,
    { requestId = 'r-1', ...actor }: Partial<Actor> & { readonly requestId?: string } = {},
  ) {
    return {
      actor: { ...standard, ...actor },
      requestId,
      log: this.log,
      now: () => new Date(this.clock),
    };
  }
}
