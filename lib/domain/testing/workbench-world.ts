import { AnnexError, isAnnexError } from '@/lib/errors';
import type { Actor, Role } from '../actor';
import type { AuditEvent } from '../audit/ports';
import type { ControlContext, Log, TenantContext } from '../context';
import type { Job } from '../jobs';
import type { ControlPorts, TenantPorts } from '../ports';
import type { Tenant } from '../tenants/tenant';
import type { WorkbenchRequest, WorkbenchStore } from '../workbench/ports';
import { advanceWorkbench } from '../workbench/verbs/advance-workbench';
import { sweepWorkbenches } from '../workbench/verbs/sweep-workbenches';
import { FakeAws, standard } from './fake-aws';

/** What a process leaves behind that is killed in the middle of a call. */
export class Crash extends Error {}

/** Kills the process at its n-th call of a port, before or after the call took effect. Counts on. */
export interface Killer {
  calls: number;
  readonly at: number;
  readonly when: 'before' | 'after';
}

const redeliveryMs = 30_000;

/** One tenant in a world without wires: stores, queue, AWS, clock, and whoever kills the worker. */
export class FakeWorld {
  clock = Date.parse('2026-03-01T10:00:00Z');
  tenant: Tenant = { id: 'foo', name: 'Foo', state: 'active', accountId: null, createdAt: new Date(0) };
  readonly aws = new FakeAws(() => this.clock);
  readonly requests = new Map<string, WorkbenchRequest>();
  liveId: string | null = null;
  readonly messages: { readonly job: Job; dueAt: number }[] = [];
  readonly audit: AuditEvent[] = [];
  readonly warnings: string[] = [];
  readonly profiles = new Set<string>();
  studioFault: AnnexError | null = null;
  /** Tenants that the next sweep finds with scores behind their orders. */
  readonly staleScores: string[] = [];
  killer: Killer | null = null;

  readonly log: Log = {
    info: () => {},
    warn: (_fields, message) => this.warnings.push(message),
    error: (_fields, message) => this.warnings.push(message),
  };

  private readonly store: WorkbenchStore = {
    live: async () => (this.liveId === null ? null : (this.requests.get(this.liveId) ?? null)),
    get: async (requestId) => this.requests.get(requestId) ?? null,
    createLive: async (request) => {
      this.liveId ??= request.requestId;
      const live = this.requests.get(this.liveId) ?? request;
      this.requests.set(this.liveId, live);
      return live;
    },
    update: async (request) => {
      const next = { ...request, revision: request.revision + 1 };
      if (this.requests.get(request.requestId)?.revision !== request.revision) {
        throw new AnnexError('conflict', 'another write came first');
      }
      this.requests.set(request.requestId, next);
      return next;
    },
  };

  private readonly ports: TenantPorts = {
    tenant: { recordAccount: async (accountId) => this.recordAccount(accountId) },
    audit: {
      append: async (event) => {
        const known = this.audit.some(({ idempotencyKey }) => idempotencyKey === event.idempotencyKey);
        if (!known || event.idempotencyKey === undefined) this.audit.push(event);
      },
    },
    workbenches: this.store,
    catalog: { variants: async () => [standard] },
    provisioner: this.aws.provisioner,
    studio: {
      ensureUserProfile: async ({ profile }) => {
        if (this.studioFault) throw this.studioFault;
        this.profiles.add(profile);
      },
      presignedUrl: async ({ profile }) => `https://studio.example/auth?token=${profile}`,
    },
    jobs: { send: async (job, options) => this.send(job, options?.delaySeconds) },
    customers: untouchable('customers'),
    orders: untouchable('orders'),
    extracts: untouchable('extracts'),
    scores: untouchable('scores'),
    endpoints: untouchable('endpoints'),
    models: untouchable('models'),
    endpointMetrics: untouchable('endpoint metrics'),
    contractReports: untouchable('contract reports'),
    scoring: untouchable('scoring'),
    scoringRuns: untouchable('scoring runs'),
    scoreComparisons: untouchable('score comparisons'),
  };

  private readonly control: ControlPorts = {
    tenants: {
      get: async (id) => (id === this.tenant.id ? this.tenant : null),
      list: async () => ({ tenants: [this.tenant], total: 1, next: null }),
      recordAccount: async () => {},
      findByAccount: async (accountId) => (this.tenant.accountId === accountId ? this.tenant : null),
    },
    scoringWatch: untouchable('scoring watch'),
    openWorkbenches: { open: async () => ({ requests: this.openRequests(), next: null }) },
    openExtracts: untouchable('openExtracts'),
    staleScores: { claim: async () => this.staleScores.splice(0) },
    jobs: this.ports.jobs,
  };

  /** Somebody of the tenant, with ports that the killer watches. */
  as(role: Role, actor: Partial<Actor> = {}): TenantContext {
    return {
      ...this.base({ id: 'sub-1', name: 'ada@foo.example', roles: [role], ...actor }),
      tenant: this.tenant,
      ports: mapValues(this.ports, (port) => watched(port, () => this.killer)),
    };
  }

  asControl(role: Role): ControlContext {
    return {
      ...this.base({ id: 'worker', name: 'Annex', roles: [role] }),
      ports: mapValues(this.control, (port) => watched(port, () => this.killer)),
    };
  }

  live(): WorkbenchRequest {
    const request = this.requests.get(this.liveId ?? '');
    if (!request) throw new Error('there is no live request');
    return request;
  }

  steps(): string[] {
    return this.live().steps.map(({ name, state }) => `${name} ${state}`);
  }

  /** Works as the worker does until the live request is `until`, at most `hours` on the clock. */
  async work(until: (request: WorkbenchRequest) => boolean, hours = 1): Promise<void> {
    const end = this.clock + hours * 3_600_000;
    while (!until(this.live())) {
      if (this.clock > end) throw new Error(`stuck: ${this.live().state} ${this.steps().join(', ')}`);
      this.messages.sort((a, b) => a.dueAt - b.dueAt);
      const message = this.messages[0];
      if (message) await this.deliver(message);
      else await this.sweep();
    }
  }

  /** Delivers one message; killed in the middle, it comes again later. */
  async deliver(message: { readonly job: Job; dueAt: number }): Promise<void> {
    this.clock = Math.max(this.clock, message.dueAt);
    const { job } = message;
    if (job.kind !== 'workbench.advance') throw new Error(`no work for ${job.kind}`);
    try {
      await advanceWorkbench(this.as('system', { id: 'worker', name: 'Annex' }), {
        requestId: job.requestId,
      });
      this.messages.splice(this.messages.indexOf(message), 1);
    } catch (error) {
      if (!(error instanceof Crash) && !(isAnnexError(error) && error.transient)) throw error;
      message.dueAt = this.clock + redeliveryMs;
    }
  }

  async sweep(): Promise<void> {
    this.clock += 15_000;
    await survive(() => sweepWorkbenches(this.asControl('system'), { untouchedSeconds: 90 }));
  }

  private send(job: Job, delaySeconds = 0): void {
    this.messages.push({ job, dueAt: this.clock + delaySeconds * 1000 });
  }

  private recordAccount(accountId: string): void {
    if (this.tenant.accountId !== null && this.tenant.accountId !== accountId) {
      throw new AnnexError('conflict', 'The tenant has another account.');
    }
    this.tenant = { ...this.tenant, accountId };
  }

  private openRequests() {
    return [...this.requests.values()]
      .filter(({ state }) => state === 'provisioning')
      .map(({ requestId, updatedAt }) => ({ tenantId: this.tenant.id, requestId, updatedAt }));
  }

  private base(actor: Actor) {
    return { actor, requestId: 'r-1', log: this.log, now: () => new Date(this.clock) };
  }
}

/** `port` as a process calls it that the killer of the moment may kill. */
export function watched<T extends object>(port: T, killer: () => Killer | null): T {
  return new Proxy(port, {
    get: (target, name, receiver) => {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        const present = killer();
        const dies = present !== null && ++present.calls === present.at;
        if (dies && present.when === 'before') throw new Crash(String(name));
        const result: unknown = await method.apply(target, args);
        if (dies) throw new Crash(String(name));
        return result;
      };
    },
  });
}

/** Runs `work`; a crash ends it, as it ends a process, without a word. Returns whether it came to its end. */
export async function survive(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Crash) return false;
    throw error;
  }
}

/** A port that fails whoever touches it. */
export function untouchable<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get: () => {
      throw new Error(`${name} was touched`);
    },
  });
}

function mapValues<T extends object>(object: T, map: <V extends object>(value: V) => V): T {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)])) as T;
}
