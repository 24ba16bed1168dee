import type { AuditEvent } from '../audit/ports';

/** The two content types of the churn interface, version 1. */
export const contentTypes = ['text/csv', 'application/json'] as const;
export type ContentType = (typeof contentTypes)[number];

/** What becomes of one request to a tenant's endpoint. The body is a stranger's: bounded, and not yet believed. */
export interface EndpointAnswer {
  /** HTTP status of the model container: 200, or what a ModelError carried. */
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** From sending to the last byte, ms. */
  readonly ms: number;
}

export interface EndpointSummary {
  readonly name: string;
  /** SageMaker's EndpointStatus, e.g. `InService`. */
  readonly status: string;
  readonly changedAt: Date;
}

export interface EndpointDescription extends EndpointSummary {
  readonly failureReason: string | null;
  readonly variants: readonly { readonly name: string; readonly instances: number }[];
}

/** What an endpoint serves, as far as SageMaker tells it apart from other deployments behind the same name. */
export interface Deployment {
  readonly configName: string;
  /** A configuration never changes, but may be deleted and another made under its name. Null: it was deleted. */
  readonly configCreatedAt: Date | null;
  /** The variants that get requests, by name, and the digest of each one's image. */
  readonly variants: readonly { readonly name: string; readonly image: string }[];
}

export interface DeployedEndpoint extends EndpointDescription {
  readonly deployment: Deployment;
  /** The configuration that is being deployed; until that ends, either may answer. Null: none. */
  readonly pendingConfigName: string | null;
}

/** The endpoints of the tenant's own account, by name and never by URL. */
export interface ModelEndpoints {
  list(page: { readonly after?: string | undefined; readonly limit: number }): Promise<{
    readonly endpoints: readonly EndpointSummary[];
    readonly next: string | null;
  }>;
  /** Null when there is none of that name. */
  describe(endpointName: string): Promise<EndpointDescription | null>;
  /** As `describe`, with what it serves. */
  deployed(endpointName: string): Promise<DeployedEndpoint | null>;
  /**
   * Has SageMaker put the configuration of `deployment` behind the endpoint again, which takes minutes. Throws `not_found` when
   * it is not there any more as it was, `conflict` when SageMaker refuses, with its reason.
   */
  deployAgain(endpointName: string, deployment: Deployment): Promise<void>;
  /**
   * One `InvokeEndpoint`. Throws `dependency_failed` when it does not answer within `deadlineMs` or answers more than
   * `maxBytes`, `not_found`, `dependency_denied`, `throttled`. A container's own refusal (4xx, 5xx) is an answer.
   */
  invoke(request: {
    readonly endpointName: string;
    readonly contentType: ContentType;
    readonly body: string;
    /** For the tenant's data capture, as `inferenceId` makes it. */
    readonly inferenceId: string;
    readonly deadlineMs: number;
    readonly maxBytes: number;
  }): Promise<EndpointAnswer>;
}

/** `noted`: worth knowing, and no failure. */
export const checkOutcomes = ['passed', 'failed', 'skipped', 'noted'] as const;

/** One line of a contract report. */
export interface ContractCheck {
  readonly id: string;
  readonly title: string;
  readonly outcome: (typeof checkOutcomes)[number];
  /** What was found, for people. */
  readonly finding: string;
  /** What was sent and what came, cut to a few hundred characters. */
  readonly sent: string | null;
  readonly received: string | null;
}

export interface ContractReport {
  readonly endpointName: string;
  readonly testedAt: Date;
  /** What it served when it was tested. Null: there was none, or it was tested before Annex took note of that. */
  readonly deployment: Deployment | null;
  readonly passed: boolean;
  /** Content types that the endpoint speaks; the first is used for scoring. */
  readonly contentTypes: readonly ContentType[];
  readonly checks: readonly ContractCheck[];
  /** Median, ms, of a request with as many rows. */
  readonly latencyMs: { readonly rows1: number | null; readonly rows100: number | null };
}

/** Contract reports of the tenant's endpoints, each kept for good. */
export interface ContractReports {
  /** Keeping the same report again changes nothing. */
  keep(report: ContractReport, testedBy: string): Promise<void>;
  /** The newest report of each of `endpointNames` that was ever tested. */
  newest(endpointNames: readonly string[]): Promise<readonly ContractReport[]>;
}

/** A registration: an endpoint that passed the contract test. Versions are numbered per tenant from 1 and never change. */
export interface ModelVersion {
  readonly version: number;
  readonly endpointName: string;
  readonly contentType: ContentType;
  readonly report: ContractReport;
  readonly registeredBy: string;
  readonly registeredAt: Date;
}

/** An endpoint that versions were registered of. */
export interface RegisteredEndpoint {
  readonly endpointName: string;
  /** The newest of its versions, newest first; at most 20. */
  readonly versions: readonly number[];
  /** How many versions there are of it in all. */
  readonly registered: number;
}

/** What the CRM's scores come from. `version` null: the statistical default. */
export interface Activation {
  readonly version: number | null;
  readonly by: string;
  readonly at: Date;
}

/** The tenant's registrations and which of them is active. */
export interface ModelRegistry {
  /** Newest first. */
  versions(page: {
    readonly before?: number | undefined;
    readonly limit: number;
  }): Promise<readonly ModelVersion[]>;
  version(version: number): Promise<ModelVersion | null>;
  /** Those with the newest versions first; with `name`, that one alone. */
  endpoints(page: {
    readonly name?: string | undefined;
    readonly limit: number;
  }): Promise<readonly RegisteredEndpoint[]>;
  /** Registering the same report again returns the version that it made. */
  register(model: Omit<ModelVersion, 'version'>): Promise<ModelVersion>;
  /** The registration that scores come from; null: the default. */
  active(): Promise<ModelVersion | null>;
  /**
   * Null goes back to the default. Changes nothing when that version is active already. Writes `audit` in the same
   * transaction when it changed something. Throws `not_found` for a version that is none.
   */
  activate(activation: Activation, audit?: AuditEvent): Promise<void>;
  /** Newest first. */
  activations(limit: number): Promise<readonly Activation[]>;
  /** The newest activation of each of `versions` that ever had one. */
  newestActivations(versions: readonly number[]): Promise<readonly Activation[]>;
}
