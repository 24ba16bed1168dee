import type { AnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import type { TenantPorts } from '../ports';
import type {
  AppKey,
  EndedApp,
  IdleSettings,
  IdleShutdown,
  RunningApp,
  RunningEndpoint,
  RunningResources,
} from '../running/ports';
import { quietTenant } from '../running/verbs/quiet-tenant';
import { ExtractWorld } from './extract-world';
import type { Message, World } from './world';

const sameApp = (one: AppKey, other: AppKey): boolean =>
  one.domainId === other.domainId &&
  one.owner.kind === other.owner.kind &&
  one.owner.name === other.owner.name &&
  one.type === other.type &&
  one.name === other.name;

/** JupyterLab of a user profile, in service since an hour before the world begins. */
export const appOf = (profile: string, more: Partial<RunningApp> = {}): RunningApp => ({
  domainId: 'd-1',
  owner: { kind: 'profile', name: profile },
  type: 'JupyterLab',
  name: 'default',
  status: 'InService',
  instanceType: 'ml.t3.medium',
  since: new Date('2026-03-01T09:00:00Z'),
  activeAt: null,
  ...more,
});

/** An endpoint of one instance, in service since an hour before the world begins. */
export const endpointOf = (name: string, more: Partial<RunningEndpoint> = {}): RunningEndpoint => ({
  name,
  status: 'InService',
  since: new Date('2026-03-01T09:00:00Z'),
  variants: [{ name: 'AllTraffic', instanceType: 'ml.m5.large', instances: 1, serverless: false }],
  ...more,
});

/** What runs, in memory. What is stopped is gone at once. */
export class FakeRunning implements RunningResources {
  readonly up: { apps: RunningApp[]; endpoints: RunningEndpoint[] } = { apps: [], endpoints: [] };
  /** Thrown by each call of that method. */
  readonly faults: Partial<Record<keyof RunningResources, AnnexError>> = {};
  /** What was stopped, in order: `app <profile>`, `endpoint <name>`. */
  readonly stopped: string[] = [];

  async apps() {
    this.refuse('apps');
    return { items: [...this.up.apps], more: false };
  }

  async endpoints() {
    this.refuse('endpoints');
    return { items: [...this.up.endpoints], more: false };
  }

  async stopApp(key: AppKey) {
    this.refuse('stopApp');
    const at = this.up.apps.findIndex((app) => sameApp(app, key));
    if (at === -1) return false;
    this.up.apps.splice(at, 1);
    this.stopped.push(`app ${key.owner.name}`);
    return true;
  }

  async stopEndpoint(name: string) {
    this.refuse('stopEndpoint');
    const at = this.up.endpoints.findIndex((endpoint) => endpoint.name === name);
    if (at === -1) return false;
    this.up.endpoints.splice(at, 1);
    this.stopped.push(`endpoint ${name}`);
    return true;
  }

  private refuse(method: keyof RunningResources): void {
    const fault = this.faults[method];
    if (fault) throw fault;
  }
}

/** Idle shutdown of one domain, in memory. */
class FakeIdleShutdown implements IdleShutdown {
  settings: IdleSettings = { JupyterLab: null, CodeEditor: null };
  changedAt: Date | null = null;
  /** What owners have set for themselves, by name. */
  readonly own = new Map<string, IdleSettings>();
  readonly gone: EndedApp[] = [];
  fault: AnnexError | null = null;

  async ofDomain() {
    if (this.fault) throw this.fault;
    return { settings: this.settings, changedAt: this.changedAt };
  }
  async change(_: string, settings: Parameters<IdleShutdown['change']>[1]) {
    if (this.fault) throw this.fault;
    this.settings = { ...this.settings, ...settings };
  }
  async ofOwner(_: string, { name }: AppKey['owner']) {
    return this.own.get(name) ?? { JupyterLab: null, CodeEditor: null };
  }
  async ended() {
    return this.gone;
  }
}

/** A tenant with what runs in its account, and its extracts. */
export class RunningWorld extends ExtractWorld {
  readonly running = new FakeRunning();
  readonly idleShutdown = new FakeIdleShutdown();
  /** The endpoint of the active model; null: the built-in model is active. */
  activeEndpoint: string | null = null;
  domainId: string | null = 'd-1';
  /** Calls of the last week, by endpoint. */
  readonly calls = new Map<string, number | null>();

  override async deliver(message: Message): Promise<void> {
    const { job } = message;
    if (job.kind !== 'tenants.quiet') return super.deliver(message);
    const { asked, until } = job;
    await this.handle(message, () =>
      quietTenant(this.as('system', { id: 'worker', name: 'Annex' }), { asked, until }),
    );
  }

  protected override tenantContext(...[role, ports, who]: Parameters<World['tenantContext']>): TenantContext {
    const { running, idleShutdown } = this;
    const workbenches = {
      live: async () => (this.domainId === null ? null : { domainId: this.domainId }),
    } as unknown as TenantPorts['workbenches'];
    const models = {
      active: async () =>
        this.activeEndpoint === null ? null : { version: 3, endpointName: this.activeEndpoint },
    } as unknown as TenantPorts['models'];
    const endpointCalls = { ofWeek: async () => this.calls };
    return super.tenantContext(
      role,
      { running, idleShutdown, endpointCalls, workbenches, models, ...ports },
      who,
    );
  }
}
