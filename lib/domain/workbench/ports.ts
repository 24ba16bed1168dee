import type { Person } from '../actor';

/** A workbench that people can choose from Service Catalog. */
export interface WorkbenchVariant {
  /** Service Catalog product id. */
  readonly id: string;
  readonly artifactId: string;
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly VariantParameter[];
}

/** A provisioning parameter that a person chooses; excludes those that Annex fills in. */
export interface VariantParameter {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly defaultValue: string;
  /** Empty when any value is allowed. */
  readonly allowedValues: readonly string[];
}

export const stepNames = ['account', 'baseline', 'domain'] as const;
export type StepName = (typeof stepNames)[number];

export const stepStates = ['pending', 'running', 'done', 'failed'] as const;
export const workbenchStates = ['provisioning', 'ready', 'failed'] as const;

/** The outcomes of an account's creation, as Control Tower reports them. */
export const vendingEnds = ['SUCCEEDED', 'FAILED'] as const;

export interface WorkbenchStep {
  readonly name: StepName;
  readonly state: (typeof stepStates)[number];
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Why it failed, for the requester. */
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
  /** The live request, which is being provisioned, is ready, or failed and can be retried. */
  live(): Promise<WorkbenchRequest | null>;
  get(requestId: string): Promise<WorkbenchRequest | null>;
  /** Stores `request` unless another is live; returns the live one. */
  createLive(request: WorkbenchRequest): Promise<WorkbenchRequest>;
  /** Replaces the request if its stored revision is still `request.revision`. Throws `conflict` when another write came first. */
  update(request: WorkbenchRequest): Promise<WorkbenchRequest>;
}

/** Requests of all tenants that are not in a final state, for the sweep. */
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

/** How a tenant's workbench stands, without who asked for it and what they chose. */
export interface WorkbenchStanding extends Pick<WorkbenchRequest, 'state' | 'steps' | 'updatedAt'> {
  readonly tenantId: string;
}

/** How the workbenches of all tenants stand, for the control plane. */
export interface WorkbenchStandings {
  /** At most `limit` in that state, longest unchanged first unless `latestFirst`. `more`: there are others. */
  list(which: {
    readonly state: WorkbenchRequest['state'];
    readonly limit: number;
    readonly latestFirst: boolean;
  }): Promise<{ readonly standings: readonly WorkbenchStanding[]; readonly more: boolean }>;
  /** That of one tenant; null without a workbench. */
  of(tenantId: string): Promise<WorkbenchStanding | null>;
}

/** Of each step: the median length of `runs` past set-ups, ms; null before there is one. */
export type UsualDurations = Readonly<
  Record<StepName, { readonly ms: number; readonly runs: number } | null>
>;

export interface WorkbenchCatalog {
  variants(): Promise<readonly WorkbenchVariant[]>;
  /** Of the latest set-ups of all tenants, without whose they were. */
  usual(): Promise<UsualDurations>;
}

/** The state of a part that AWS creates. */
export type Provisioned<T> =
  | { readonly state: 'absent' }
  | { readonly state: 'running' }
  | { readonly state: 'failed'; readonly reason: string }
  | ({ readonly state: 'done' } & T);

/** Creates the tenant's account and its baseline. Every call may be repeated. */
export interface WorkbenchProvisioner {
  /** `ProvisionProduct`; repeating a token does not create another account. */
  provisionAccount(input: {
    readonly token: string;
    readonly variant: WorkbenchRequest['variant'];
    readonly parameters: Readonly<Record<string, string>>;
  }): Promise<void>;
  /** The result of the newest `provisionAccount`. */
  account(token: string): Promise<Provisioned<{ readonly accountId: string }>>;
  /** Removes a provisioned product that failed, so that it can be requested again. */
  discardFailedAccount(): Promise<void>;
  /**
   * The stack instance in `accountId`, with its bucket and role. `running` until the operation of `retryBaseline` with
   * `retryToken` has ended, whatever the earlier state.
   */
  baseline(accountId: string, retryToken: string | null): Promise<Provisioned<object>>;
  /** Creates the stack instance again after it failed; repeating a token does not start another operation. */
  retryBaseline(accountId: string, token: string): Promise<void>;
  domain(accountId: string): Promise<Provisioned<{ readonly domainId: string }>>;
}

/** The apps that Annex opens, by SageMaker's AppType. */
export const studioApps = ['JupyterLab', 'CodeEditor'] as const;
export type StudioApp = (typeof studioApps)[number];

/** A space of the domain. Its names come from the account: untrusted text. */
export interface StudioSpace {
  readonly name: string;
  /** SageMaker's SpaceStatus, e.g. `InService`. */
  readonly status: string;
  /** SageMaker's AppType; null: a space of Studio Classic. */
  readonly app: string | null;
  /** Only its owner may open it. */
  readonly isPrivate: boolean;
  /** The user profile that made it; null: SageMaker does not tell. */
  readonly owner: string | null;
}

/** A user profile of the tenant's domain. */
export interface StudioTarget {
  readonly accountId: string;
  readonly domainId: string;
  readonly profile: string;
}

/** Where in Studio a URL leads. `space` null: the app of the user profile itself. */
export interface StudioLanding {
  readonly app: StudioApp;
  readonly space: string | null;
}

/** At most as many spaces are listed. */
export const mostSpaces = 1000;

/** The tenant's SageMaker Studio. */
export interface Studio {
  /** Creates the user profile unless it exists, waits until it is in service and returns its name. */
  ensureUserProfile(target: StudioTarget): Promise<void>;
  /** How long a Studio session lasts after its URL was opened, s. AWS has no call that tells or ends it. */
  sessionSeconds(): number;
  /** The space of that name; null: there is none, or no domain. */
  space(domain: Omit<StudioTarget, 'profile'>, name: string): Promise<StudioSpace | null>;
  /** The spaces of the domain, latest changed first, at most `mostSpaces`. */
  spaces(domain: Omit<StudioTarget, 'profile'>): Promise<readonly StudioSpace[]>;
  /** A URL that signs in to that profile once, within seconds; `landing` null: at Studio's home. Never store, log or cache it. */
  presignedUrl(input: StudioTarget & { readonly landing: StudioLanding | null }): Promise<string>;
}
