import { AnnexError } from '@/lib/errors';
import type { Actor, Role } from '../actor';
import type { ControlContext, TenantContext } from '../context';
import { datasetNames, type ExtractPolicy } from '../extracts/ports';
import type { Onboarding } from '../onboarding/ports';
import { advanceOnboarding } from '../onboarding/verbs/advance-onboarding';
import { usualOf } from '../workbench/usual';
import { standard } from './fake-aws';
import { FakePeople } from './fake-people';
import { WorkbenchWorld } from './workbench-world';
import type { Message } from './world';

/** A tenant that is being set up, with its people, its policies, and the workbench’s AWS. */
export class OnboardingWorld extends WorkbenchWorld {
  readonly fake = new FakePeople(() => new Date(this.clock), this.audit);
  stored: Onboarding | null = null;
  readonly policies = new Set<string>(datasetNames);
  /** Thrown by the next read of the tenant’s records. */
  roleFault: AnnexError | null = null;

  override as(role: Role, actor: Partial<Actor> = {}): TenantContext {
    const ctx = super.as(role, actor);
    const { workbenches } = ctx.ports;
    return {
      ...ctx,
      ports: {
        ...ctx.ports,
        workbenches: {
          ...workbenches,
          live: () => {
            if (this.roleFault) throw this.roleFault;
            return workbenches.live();
          },
          createLive: (request) => workbenches.createLive(request),
          get: (id) => workbenches.get(id),
          update: (request) => workbenches.update(request),
        },
        ...this.watchedPorts({
          people: this.fake.people,
          userPool: this.fake.userPool,
          onboarding: {
            load: async () => this.stored,
            update: async (onboarding: Onboarding) => this.replace(onboarding),
          },
        }),
        extracts: {
          ...ctx.ports.extracts,
          policies: {
            current: async () => null,
            all: async () => [...this.policies].map((dataset) => ({ dataset }) as ExtractPolicy),
          },
        },
      },
    };
  }

  override asControl(role: Role): ControlContext {
    const ctx = super.asControl(role);
    return {
      ...ctx,
      ports: {
        ...ctx.ports,
        catalog: { variants: async () => [standard], usual: async () => usualOf([]) },
        onboardings: {
          get: async () => this.stored,
          create: async (_, onboarding, event) => {
            if (this.stored) throw new AnnexError('conflict', 'taken', { fields: { tenantId: 'taken' } });
            this.stored = onboarding;
            this.audit.push(event);
          },
          taken: async ({ ids }) => ({
            ids: new Set(ids.filter((id) => id === this.stored?.tenantId)),
            names: new Set(['taken name']),
          }),
          update: async (onboarding, event) => {
            this.audit.push(event);
            return this.replace(onboarding);
          },
          open: async () => ({
            onboardings:
              this.stored && ['running', 'undoing'].includes(this.stored.state) ? [this.stored] : [],
            next: null,
          }),
        },
      },
    };
  }

  /** What the worker does until nothing is left to do, or the set-up is over. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < 500; turns += 1) {
      const message = this.nextMessage();
      if (!message) return;
      await this.deliver(message);
    }
    throw new Error('the work never ends');
  }

  override async deliver(message: Message): Promise<void> {
    if (message.job.kind !== 'tenants.onboard') return super.deliver(message);
    return this.handle(message, () =>
      advanceOnboarding(this.as('system', { id: 'worker', name: 'Annex' }), undefined),
    );
  }

  get states(): string {
    return this.stored?.steps.map(({ name, state }) => `${name} ${state}`).join(', ') ?? '';
  }

  private replace(onboarding: Onboarding): Onboarding {
    if (this.stored?.revision !== onboarding.revision) throw new AnnexError('conflict', 'another came first');
    this.stored = { ...onboarding, revision: onboarding.revision + 1 };
    return this.stored;
  }
}
