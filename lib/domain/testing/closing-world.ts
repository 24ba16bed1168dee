import { AnnexError } from '@/lib/errors';
import type { Actor, Role } from '../actor';
import type { AuditEvent } from '../audit/ports';
import type { Closing, Refused, TenantEstate, TenantRows } from '../closing/ports';
import { advanceClosing } from '../closing/verbs/advance-closing';
import { sweepClosings } from '../closing/verbs/sweep-closings';
import type { ControlContext, TenantContext } from '../context';
import type { Mail } from '../mail/ports';
import { FakePeople, somebody } from './fake-people';
import { WorkbenchWorld } from './workbench-world';
import type { Message } from './world';

/** A tenant that is being closed: its people, its rows, and what it has in AWS. */
export class ClosingWorld extends WorkbenchWorld {
  readonly fake = new FakePeople(() => new Date(this.clock), this.audit);
  readonly mails: Mail[] = [];
  stored: Closing | null = null;
  onboarding: 'running' | 'done' | null = null;
  graceDays = 30;
  /** What there is, by kind. */
  readonly things = { endpoints: 2, profiles: 3, objects: 5, baseline: 1, account: 1, requests: 4, rows: 7 };
  readonly refused: Refused[] = [];
  baselineFault: string | null = null;
  estateFault: AnnexError | null = null;
  /** What was deleted, in its order; each once however often it was tried. */
  readonly deleted: string[] = [];

  constructor() {
    super();
    this.tenant = { ...this.tenant, accountId: '111111111111' };
    this.fake.stored.set('olga', somebody('olga', { roles: ['owner'] }));
    this.fake.stored.set('ada', somebody('ada'));
    this.fake.users.add('olga').add('ada');
  }

  private readonly rows: TenantRows = {
    every: async function* () {},
    count: async () => ({
      people: this.fake.stored.size,
      customers: this.things.rows,
      orders: 70,
      tickets: 0,
      models: 1,
    }),
    purge: async () => {
      if ((this.stored?.deleteAfter.getTime() ?? Number.POSITIVE_INFINITY) > this.clock)
        throw new AnnexError('forbidden', 'The data is kept.');
      return this.take('rows', 4);
    },
  };

  private readonly estate: TenantEstate = {
    count: async () => {
      if (this.estateFault) throw this.estateFault;
      return {
        endpoints: this.things.endpoints,
        apps: 0,
        profiles: this.things.profiles,
        objects: this.things.objects,
        bytes: 500,
      };
    },
    deleteEndpoints: async () => this.passOver('endpoints', 1),
    emptyStudio: async () => this.passOver('profiles', 2),
    emptyBucket: async () => this.passOver('objects', 5),
    deleteBaseline: async () => {
      if (this.baselineFault !== null) return { state: 'failed', reason: this.baselineFault };
      return { state: this.take('baseline', 1) || this.passes++ % 2 === 0 ? 'running' : 'gone' };
    },
    closeAccount: async (accountId) => {
      if (this.estateFault) throw this.estateFault;
      if (accountId !== null) this.take('account', 1);
      return { state: 'closed' };
    },
    countRequests: async () => this.things.requests,
    deleteRequests: async () => void this.take('requests', 4),
  };
  private readonly running = {
    apps: async () => ({ items: [], more: false }),
    endpoints: async () => ({
      items: [
        {
          name: 'legacy',
          status: 'InService',
          since: null,
          variants: [{ name: 'all', instanceType: 'ml.m5.large', instances: 2, serverless: false }],
        },
      ],
      more: false,
    }),
  } as unknown as TenantContext['ports']['running'];
  private passes = 0;

  override as(role: Role, actor: Partial<Actor> = {}): TenantContext {
    const ctx = super.as(role, actor);
    return {
      ...ctx,
      ports: {
        ...ctx.ports,
        closingTerms: { current: () => this.terms() },
        extracts: { store: { open: async () => [] } } as unknown as TenantContext['ports']['extracts'],
        ...this.watchedPorts({
          people: this.fake.people,
          userPool: this.fake.userPool,
          mail: { send: async (mail: Mail) => void this.mails.push(mail) },
          rows: this.rows,
          running: this.running,
          estate: this.estate,
          closing: {
            load: async () => this.stored,
            update: async (closing: Closing, event: AuditEvent | null) => {
              const written = this.replace(closing);
              this.recorded(event);
              return written;
            },
            end: async (closing: Closing, event: AuditEvent | null) => {
              const written = this.replace(closing);
              this.tenant = { ...this.tenant, state: 'closed' };
              this.recorded(event);
              return written;
            },
          },
        }),
      },
    };
  }

  override asControl(role: Role): ControlContext {
    const ctx = super.asControl(role);
    return {
      ...ctx,
      ports: {
        ...ctx.ports,
        closingTerms: { current: () => this.terms() },
        onboardings: {
          ...ctx.ports.onboardings,
          get: async () =>
            this.onboarding &&
            ({ state: this.onboarding } as Awaited<
              ReturnType<ControlContext['ports']['onboardings']['get']>
            >),
        },
        closings: {
          get: async () => this.stored,
          begin: async (closing, from, event) => {
            if (!from.includes(this.tenant.state))
              throw new AnnexError('conflict', `It is ${this.tenant.state} now.`);
            this.tenant = { ...this.tenant, state: 'closing' };
            this.stored = closing;
            this.recorded(event);
          },
          update: async (closing, event, to) => {
            const written = this.replace(closing);
            if (to) this.tenant = { ...this.tenant, state: to };
            this.recorded(event);
            return written;
          },
          open: async ({ now }) => ({
            closings:
              this.stored?.state === 'running' &&
              (this.stored.deleteAfter <= now ||
                this.stored.steps.some(({ name, state }) => name === 'grace' && state === 'pending'))
                ? [this.stored]
                : [],
            next: null,
          }),
        },
      },
    };
  }

  /** What the worker does until no message is left. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < 500; turns += 1) {
      const message = this.nextMessage();
      if (!message) return;
      await this.deliver(message);
    }
    throw new Error('the work never ends');
  }

  /** The sweep after `days` more. */
  async sweepAfter(days: number): Promise<number> {
    this.clock += days * 86_400_000;
    return sweepClosings(this.asControl('system'), { untouchedSeconds: 90 });
  }

  override async deliver(message: Message): Promise<void> {
    if (message.job.kind !== 'tenants.close') return super.deliver(message);
    return this.handle(message, () =>
      advanceClosing(this.as('system', { id: 'worker', name: 'Annex' }), undefined),
    );
  }

  get states(): string {
    return this.stored?.steps.map(({ name, state }) => `${name} ${state}`).join(', ') ?? '';
  }

  private terms() {
    return { graceDays: this.graceDays, portal: 'https://annex.example' };
  }

  private passOver(kind: 'endpoints' | 'profiles' | 'objects', atOnce: number) {
    if (this.estateFault) throw this.estateFault;
    const more = this.take(kind, atOnce);
    return { waiting: more ? this.things[kind] : 0, refused: kind === 'endpoints' ? this.refused : [] };
  }

  /** Deletes up to `atOnce` of the kind; whether there are more. */
  private take(kind: keyof ClosingWorld['things'], atOnce: number): boolean {
    const some = Math.min(atOnce, this.things[kind]);
    if (some > 0) this.deleted.push(`${some} ${kind}`);
    this.things[kind] -= some;
    return this.things[kind] > 0;
  }

  private replace(closing: Closing): Closing {
    if (this.stored?.revision !== closing.revision) throw new AnnexError('conflict', 'another came first');
    this.stored = { ...closing, revision: closing.revision + 1 };
    return this.stored;
  }
}
