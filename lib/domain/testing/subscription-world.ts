import { AnnexError } from '@/lib/errors';
import type { Actor, Role } from '../actor';
import type { TenantContext } from '../context';
import type { Listing, ListingVersion } from '../marketplace/listing';
import type { Deployment, MarketListings, ModelDeployments, SubscriptionStore } from '../marketplace/ports';
import type { Subscription } from '../marketplace/subscription';
import { advanceSubscription } from '../marketplace/verbs/advance-subscription';
import type { TenantPorts } from '../ports';
import { World } from './world';

const sold: Listing = {
  id: 'sold',
  productCode: 'code',
  productPage: 'prodview-1',
  title: 'Churn',
  summary: 'Predicts who leaves.',
  termsUrl: null,
  contentTypes: ['text/csv'],
  accept: 'text/csv',
  sampleType: 'text/csv',
  sampleRequest: '1,2',
  state: 'published',
  dimensions: [{ name: 'requests', measure: 'requests', description: 'A request', usd: 0.01 }],
  version: 2,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  revision: 1,
};
const version: ListingVersion = {
  version: 2,
  modelPackageArn: 'arn:package/2',
  instanceType: 'ml.m5.large',
  note: null,
  createdAt: new Date(0),
  createdBy: 's',
};

/** A tenant with one subscription, and SageMaker in its account. */
export class SubscriptionWorld extends World {
  stored: Subscription = {
    id: '01SUB',
    listingId: 'sold',
    title: 'Churn',
    accountId: '111111111111',
    licenseArn: 'arn:license',
    agreementId: 'agmt-1',
    standing: 'active',
    createdAt: new Date('2026-03-01T09:00:00Z'),
    licensedAt: new Date('2026-03-01T09:00:00Z'),
    endedAt: null,
    suspension: null,
    removedAt: null,
    version: null,
    state: 'none',
    steps: [],
    attempt: 1,
    revision: 1,
    updatedAt: new Date('2026-03-01T09:00:00Z'),
  };
  domainId: string | null = 'd-1';
  /** What there is in SageMaker. Each was created once. */
  readonly there = new Set<string>();
  readonly created: string[] = [];
  /** Checks until the endpoint is in service, or gone. */
  wait = 2;
  endpointFault: string | null = null;
  sampleFault: string | null = null;
  fault: AnnexError | null = null;

  private readonly market: MarketListings = {
    published: async () => ({ listings: [sold], next: null, previous: null }),
    get: async (id) => (id === 'sold' ? sold : null),
    version: async (_, number) => (number === 2 ? version : null),
  };
  private readonly store: SubscriptionStore = {
    list: async () => ({ subscriptions: [this.stored], next: null, previous: null }),
    get: async (id) => (id === this.stored.id ? this.stored : null),
    update: async (subscription, event) => {
      if (subscription.revision !== this.stored.revision) throw new AnnexError('conflict', 'changed');
      this.stored = { ...subscription, revision: subscription.revision + 1 };
      this.recorded(event);
      return this.stored;
    },
  };
  private readonly deployments: ModelDeployments = {
    createModel: async (deployment) => this.create('model', deployment),
    createConfiguration: async (deployment) => this.create('configuration', deployment),
    endpoint: async (deployment) => {
      this.create('endpoint', deployment);
      if (this.endpointFault !== null) return { state: 'failed', reason: this.endpointFault };
      this.wait -= 1;
      return { state: this.wait <= 0 ? 'ready' : 'waiting' };
    },
    test: async () => this.sampleFault,
    remove: async () => {
      if (this.fault) throw this.fault;
      this.wait -= 1;
      if (this.wait > 0) return false;
      this.there.clear();
      return true;
    },
  };

  /** What the worker does until no message is left. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < 200; turns += 1) {
      const message = this.nextMessage();
      if (!message) return;
      await this.handle(message, () =>
        advanceSubscription(this.as('system', { id: 'worker', name: 'Annex' }), {
          subscriptionId: this.stored.id,
        }),
      );
    }
    throw new Error('the work never ends');
  }

  /** As the worker does for a job. */
  advance(): Promise<void> {
    this.messages.push({
      job: { kind: 'subscriptions.advance', tenantId: 'foo', subscriptionId: this.stored.id },
      delaySeconds: 0,
      dueAt: this.clock,
    });
    return this.settle();
  }

  as(role: Role, who: Partial<Actor> = {}): TenantContext {
    const workbenches = {
      live: async () => (this.domainId === null ? null : { domainId: this.domainId, state: 'ready' }),
    } as unknown as TenantPorts['workbenches'];
    const { market, store: subscriptions, deployments } = this;
    const productPages = { pattern: async () => 'https://market.example/{product}?{account}' };
    return this.tenantContext(role, { market, productPages, subscriptions, deployments, workbenches }, who);
  }

  private create(what: string, { name, modelPackageArn }: Deployment): void {
    if (this.fault) throw this.fault;
    if (!this.there.has(what)) this.created.push(`${what} ${name} ${modelPackageArn}`);
    this.there.add(what);
  }
}
