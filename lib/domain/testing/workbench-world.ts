import { AnnexError } from '@/lib/errors';
import type { Actor, Role } from '../actor';
import type { AuditEvent } from '../audit/ports';
import type { ControlContext, TenantContext } from '../context';
import type { TenantPorts } from '../ports';
import type { Tenant } from '../tenants/tenant';
import { hourMs } from '../time';
import type { StudioLanding, StudioSpace, WorkbenchRequest, WorkbenchStore } from '../workbench/ports';
import { usualOf } from '../workbench/usual';
import { advanceWorkbench } from '../workbench/verbs/advance-workbench';
import { sweepWorkbenches } from '../workbench/verbs/sweep-workbenches';
import { survive } from './crash';
import { FakeAws, standard } from './fake-aws';
import { type Message, World } from './world';

/** A tenant's workbench requests, and as much of AWS as they need. */
export class WorkbenchWorld extends World {
  override tenant: Tenant = {
    id: 'foo',
    name: 'Foo',
    state: 'active',
    accountId: null,
    createdAt: new Date(0),
  };
  readonly aws = new FakeAws(() => this.clock);
  readonly requests = new Map<string, WorkbenchRequest>();
  liveId: string | null = null;
  readonly profiles = new Set<string>();
  /** The audit of changes of the tenant’s state. */
  readonly moves: AuditEvent[] = [];
  studioFault: AnnexError | null = null;
  readonly spaces: StudioSpace[] = [];
  /** Where presigned URLs lead. */
  readonly landings: (StudioLanding | null)[] = [];
  /** Tenants whose scores the next sweep finds out of date. */
  readonly staleScores: string[] = [];

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

  /** A context for an actor of the tenant, with ports that the killer watches. */
  as(role: Role, actor: Partial<Actor> = {}): TenantContext {
    const ports: Partial<TenantPorts> = {
      tenant: {
        recordAccount: async (accountId) => this.recordAccount(accountId),
        closeUnused: async () => this.closeUnused(),
      },
      workbenches: this.store,
      catalog: { variants: async () => [standard], usual: async () => usualOf([]) },
      provisioner: this.aws.provisioner,
      studio: {
        ensureUserProfile: async ({ profile }) => {
          if (this.studioFault) throw this.studioFault;
          this.profiles.add(profile);
        },
        sessionSeconds: () => 3600,
        space: async (_, name) => this.spaces.find((space) => space.name === name) ?? null,
        spaces: async () => this.spaces,
        presignedUrl: async ({ profile, landing }) => {
          this.landings.push(landing);
          return `https://studio.example/auth?token=${profile}`;
        },
      },
    };
    return this.tenantContext(role, ports, actor);
  }

  asControl(role: Role): ControlContext {
    return this.controlContext(role, {
      tenants: {
        get: async (id) => (id === this.tenant.id ? this.tenant : null),
        list: async () => ({
          tenants: [{ ...this.tenant, plan: { id: 'standard', name: 'Standard' }, health: null }],
          first: 1,
          total: 1,
          next: null,
          previous: null,
        }),
        counts: async () => ({
          total: 1,
          active: 1,
          suspended: 0,
          withAccount: this.tenant.accountId ? 1 : 0,
        }),
        requested: async () => [],
        newest: async () => [this.tenant],
        some: async (ids) => [this.tenant].filter(({ id }) => ids.includes(id)),
        recordAccount: async () => {},
        findByAccount: async (accountId) => (this.tenant.accountId === accountId ? this.tenant : null),
        move: async (_, { to }, event) => {
          this.moves.push(event);
          this.tenant = { ...this.tenant, state: to };
        },
      },
      openWorkbenches: { open: async () => ({ requests: this.openRequests(), next: null }) },
      staleScores: { claim: async () => this.staleScores.splice(0) },
    });
  }

  live(): WorkbenchRequest {
    const request = this.requests.get(this.liveId ?? '');
    if (!request) throw new Error('there is no live request');
    return request;
  }

  steps(): string[] {
    return this.live().steps.map(({ name, state }) => `${name} ${state}`);
  }

  /** Does the worker's work until the live request satisfies `until`, for at most `hours` on the clock. */
  async work(until: (request: WorkbenchRequest) => boolean, hours = 1): Promise<void> {
    const end = this.clock + hours * hourMs;
    while (!until(this.live())) {
      if (this.clock > end) throw new Error(`stuck: ${this.live().state} ${this.steps().join(', ')}`);
      const message = this.nextMessage();
      if (message) await this.deliver(message);
      else await this.sweep();
    }
  }

  /** Delivers one message; after a crash, it comes again later. */
  async deliver(message: Message): Promise<void> {
    const { job } = message;
    if (job.kind !== 'workbench.advance') throw new Error(`no work for ${job.kind}`);
    const { requestId } = job;
    await this.handle(message, () =>
      advanceWorkbench(this.as('system', { id: 'worker', name: 'Annex' }), { requestId }),
    );
  }

  async sweep(): Promise<void> {
    this.clock += 15_000;
    await survive(() => sweepWorkbenches(this.asControl('system'), { untouchedSeconds: 90 }));
  }

  private closeUnused(): void {
    if (this.tenant.accountId) throw new AnnexError('conflict', 'The tenant has an account.');
    this.tenant = { ...this.tenant, state: 'closed' };
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
}
