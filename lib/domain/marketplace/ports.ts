import type { AuditEvent } from '../audit/ports';
import type { MarketplaceEvent } from './event';
import type { Listing, ListingState, ListingVersion } from './listing';
import type { SoldSubscription, Subscription } from './subscription';

/** A page of a list, with the cursors of the pages beside it. */
export interface ListingPage {
  readonly listings: readonly Listing[];
  readonly next: string | null;
  readonly previous: string | null;
}

/** The listings of one seller. Each write appends its event, all or nothing. */
export interface ListingBook {
  /** Newest first. Throws `invalid` for a cursor that is none. */
  list(page: { readonly cursor?: string | undefined; readonly limit: number }): Promise<ListingPage>;
  get(id: string): Promise<Listing | null>;
  /** Newest first. */
  versions(id: string, limit: number): Promise<readonly ListingVersion[]>;
  /** Throws `conflict` with the field `productCode` when a listing has that code. */
  create(listing: Listing, event: AuditEvent): Promise<void>;
  /** Replaces what the seller writes, and the dimensions. Throws `conflict` if the stored revision is not `listing.revision`. */
  change(listing: Listing, event: AuditEvent): Promise<void>;
  /** Throws `conflict` if the stored revision is not `revision`. */
  move(id: string, to: ListingState, revision: number, event: AuditEvent): Promise<void>;
  /** Appends the version after `base`, and returns its number. Throws `conflict` when the newest is not `base` (0: none). */
  addVersion(
    id: string,
    base: number,
    version: Omit<ListingVersion, 'version' | 'createdAt'>,
    audit: (version: number) => AuditEvent,
  ): Promise<number>;
}

/** What tenants can subscribe to, and what the tenant has subscribed to. */
export interface MarketListings {
  /** What is published, by title. Throws `invalid` for a cursor that is none. */
  published(page: { readonly cursor?: string | undefined; readonly limit: number }): Promise<ListingPage>;
  get(id: string): Promise<Listing | null>;
  version(id: string, version: number): Promise<ListingVersion | null>;
}

/** Where products are on AWS Marketplace. */
export interface ProductPages {
  /** An address: `{product}` stands for the product’s page, `{account}` for the AWS account of the buyer. */
  pattern(): Promise<string>;
}

export interface SubscriptionPage {
  readonly subscriptions: readonly Subscription[];
  readonly next: string | null;
  readonly previous: string | null;
}

/** The subscriptions of one tenant. */
export interface SubscriptionStore {
  /** Newest first. Throws `invalid` for a cursor that is none. */
  list(page: { readonly cursor?: string | undefined; readonly limit: number }): Promise<SubscriptionPage>;
  get(id: string): Promise<Subscription | null>;
  /**
   * Replaces the deployment if the stored revision is still `subscription.revision`, and appends the event, all or nothing. Throws
   * `conflict` when another write came first.
   */
  update(subscription: Subscription, event: AuditEvent | null): Promise<Subscription>;
}

/** Where a model of a subscription is deployed, and what. */
export interface Deployment {
  readonly accountId: string;
  /** Of the model, its configuration and its endpoint. */
  readonly name: string;
  /** The domain of Studio, whose execution role the endpoint works with. */
  readonly domainId: string;
  readonly modelPackageArn: string;
  readonly instanceType: string;
}

/** Models of subscriptions in the tenant’s account. What is there already is left as it is. Each throws what AWS throws. */
export interface ModelDeployments {
  /** In network isolation. */
  createModel(deployment: Deployment): Promise<void>;
  createConfiguration(deployment: Deployment): Promise<void>;
  /** Creates the endpoint, and says how it stands. */
  endpoint(
    deployment: Deployment,
  ): Promise<{ readonly state: 'waiting' | 'ready' } | { readonly state: 'failed'; readonly reason: string }>;
  /** Sends a request. Returns why it was not answered, in plain words; null when it was. */
  test(
    place: Pick<Deployment, 'accountId' | 'name'>,
    sample: { readonly body: string; readonly contentType: string; readonly accept: string },
  ): Promise<string | null>;
  /** Deletes endpoint, configuration and model; false while something of them is still there. */
  remove(place: Pick<Deployment, 'accountId' | 'name'>): Promise<boolean>;
}

/** A subscription that something is to be done for. */
export interface OpenSubscription {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly updatedAt: Date;
}

/** The subscriptions of one seller’s listings. */
export interface SoldSubscriptions {
  /** Newest first. Throws `invalid` for a cursor that is none. */
  list(page: { readonly cursor?: string | undefined; readonly limit: number }): Promise<{
    readonly subscriptions: readonly SoldSubscription[];
    readonly next: string | null;
    readonly previous: string | null;
  }>;
}

/** Agreements and subscriptions of all tenants. */
export interface Agreements {
  /**
   * Keeps what an event says, adds or changes the subscription of its licence, and appends an audit event for each change of how a
   * subscription stands, all or nothing. Events may come in any order, late and twice. Returns the subscriptions that it concerns: none
   * while nobody sells the product here, or the account is no tenant’s.
   */
  record(
    event: MarketplaceEvent,
    audit: (change: SubscriptionChange) => AuditEvent,
  ): Promise<readonly OpenSubscription[]>;
  /** Those that something is to be done for, longest unchanged first. */
  open(page: { readonly after?: string | undefined; readonly limit: number }): Promise<{
    readonly subscriptions: readonly OpenSubscription[];
    readonly next: string | null;
  }>;
}

/** How a subscription stands after an event. `before`: null if it is new. */
export interface SubscriptionChange {
  readonly subscriptionId: string;
  readonly title: string;
  readonly before: string | null;
  readonly after: string;
}
