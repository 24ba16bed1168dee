import type { Person } from '../actor';

/** What stands in Service Catalog for people to choose from. */
export interface WorkbenchVariant {
  /** Service Catalog product id. */
  readonly id: string;
  readonly artifactId: string;
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly VariantParameter[];
}

/** A provisioning parameter that a person chooses. Those that Annex fills in are not among them. */
export interface VariantParameter {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly defaultValue: string;
  /** Empty when any value goes. */
  readonly allowedValues: readonly string[];
}

export const stepNames = ['account', 'baseline', 'domain'] as const;
export type StepName = (typeof stepNames)[number];

export const stepStates = ['pending', 'running', 'done', 'failed'] as const;
export const workbenchStates = ['provisioning', 'ready', 'failed'] as const;

/** How Control Tower says that vending an account ended. */
export const vendingEnds = ['SUCCEEDED', 'FAILED'] as const;

export interface WorkbenchStep {
  readonly name: StepName;
  readonly state: (typeof stepStates)[number];
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Why it failed, in words for the person who asked. */
  readonly reason: string | null;
}

export interface WorkbenchRequest {
  readonly requestId: string;
  readonly variant: { readonly id: string; readonly artifactId: string; readonly name: string };
  readonly parameters: Readonly<Record<string, string>>;
  readonly state: (typeof workbenchStates)[number];
  readonly steps: readonly WorkbenchStep[];
  /** Rises with each retry; part of the `ProvisionToken`. */
  readonly attempt: number;
  readonly accountId: string | null;
  readonly domainId: string | null;
  readonly requestedBy: Person;
  readonly requestedAt: Date;
  readonly updatedAt: Date;
  /** Rises by one with each write; writes are conditional on it. */
  readonly revision: number;
}

/** The tenant's workbench requests. At most one is live. */
export interface WorkbenchStore {
  /** The live request: the one that provisions, is ready, or failed and waits for a retry. */
  live(): Promise<WorkbenchRequest | null>;
  get(requestId: string): Promise<WorkbenchRequest | null>;
  /** Puts `request` unless one is live already; returns the one that is live afterwards. */
  createLive(request: WorkbenchRequest): Promise<WorkbenchRequest>;
  /** Replaces the request of `request.revision`. Throws `conflict` when another write came first. */
  update(request: WorkbenchRequest): Promise<WorkbenchRequest>;
}

/** Requests of all tenants that have not come to their end. For the reconciler. */
export interface OpenWorkbenchIndex {
  open(page: { readonly after?: string | undefined; readonly limit: number }): Promise<{
    readonly requests: readonly {
      readonly tenantId: string;
      readonly requestId: string;
      readonly updatedAt: Date;
    }[];
    readonly next: string | null;
  }>;
}

export interface WorkbenchCatalog {
  variants(): Promise<readonly WorkbenchVariant[]>;
}

/** What became of a part that AWS makes for us. */
export type Provisioned<T> =
  | { readonly state: 'absent' }
  | { readonly state: 'running' }
  | { readonly state: 'failed'; readonly reason: string }
  | ({ readonly state: 'done' } & T);

/** Makes the tenant's account and what is in it. Every call may be repeated. */
export interface WorkbenchProvisioner {
  /** `ProvisionProduct`; the same token makes one account however often it is sent. */
  provisionAccount(input: {
    readonly token: string;
    readonly variant: WorkbenchRequest['variant'];
    readonly parameters: Readonly<Record<string, string>>;
  }): Promise<void>;
  /** What became of the newest `provisionAccount`. */
  account(token: string): Promise<Provisioned<{ readonly accountId: string }>>;
  /** Removes a provisioned product that failed, so that it can be asked for again. */
  discardFailedAccount(): Promise<void>;
  /**
   * The stack instance in `accountId`, and the bucket and role that it makes. `running` as long as the operation of
   * `retryBaseline` with `retryToken` is not at its end, whatever was before it.
   */
  baseline(accountId: string, retryToken: string | null): Promise<Provisioned<object>>;
  /** Asks for the stack instance again after it failed; the same token asks once. */
  retryBaseline(accountId: string, token: string): Promise<void>;
  domain(accountId: string): Promise<Provisioned<{ readonly domainId: string }>>;
}

/** The tenant's SageMaker Studio. */
export interface Studio {
  /** Makes the user profile unless it is there, waits until it is in service; returns its name. */
  ensureUserProfile(input: {
    readonly accountId: string;
    readonly domainId: string;
    readonly profile: string;
  }): Promise<void>;
  /** A URL that signs that profile in once, within seconds. Never store, log or cache it. */
  presignedUrl(input: {
    readonly accountId: string;
    readonly domainId: string;
    readonly profile: string;
  }): Promise<string>;
}
