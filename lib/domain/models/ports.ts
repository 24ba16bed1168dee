import type { AuditEvent } from '../audit/ports';

/** The two content types of churn interface version 1. */
export const contentTypes = ['text/csv', 'application/json'] as const;
export type ContentType = (typeof contentTypes)[number];

/** The response to one request to a tenant's endpoint. The body is untrusted, and its size is limited. */
export interface EndpointAnswer {
  /** HTTP status of the model container: 200, or that of a ModelError. */
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

/** What an endpoint serves, as far as SageMaker distinguishes it from other deployments under the same name. */
export interface Deployment {
  readonly configName: string;
  /** Distinguishes a configuration from a later one of the same name. Null: the configuration was deleted. */
  readonly configCreatedAt: Date | null;
  /** The variants that receive requests, by name, each with its image digest. */
  readonly variants: readonly { readonly name: string; readonly image: string }[];
}

export interface DeployedEndpoint extends EndpointDescription {
  readonly deployment: Deployment;
  /** The configuration being deployed; until that ends, either may respond. Null: none. */
  readonly pendingConfigName: string | null;
}

/** The endpoints in the tenant's own account, by name and never by URL. */
export interface ModelEndpoints {
  list(page: { readonly after?: string | undefined; readonly limit: number }): Promise<{
    readonly endpoints: readonly EndpointSummary[];
    readonly next: string | null;
  }>;
  /** Null when no endpoint has that name. */
  describe(endpointName: string): Promise<EndpointDescription | null>;
  /** As `describe`, plus what the endpoint serves. */
  deployed(endpointName: string): Promise<DeployedEndpoint | null>;
  /**
   * Has SageMaker deploy the configuration of `deployment` to the endpoint again, which takes minutes. Throws `not_found` when
   * that configuration no longer exists unchanged, `conflict` with SageMaker's reason when it refuses.
   */
  deployAgain(endpointName: string, deployment: Deployment): Promise<void>;
  /**
   * One `InvokeEndpoint`. Throws `dependency_failed` when the response takes longer than `deadlineMs` or has more than
   * `maxBytes`, `not_found`, `dependency_denied`, `throttled`. Returns the container's own errors (4xx, 5xx) as responses.
   */
  invoke(request: {
    readonly endpointName: string;
    readonly contentType: ContentType;
    readonly body: string;
    /** For the tenant's data capture; from `inferenceId`. */
    readonly inferenceId: string;
    readonly deadlineMs: number;
    readonly maxBytes: number;
  }): Promise<EndpointAnswer>;
}

/** One line of a contract report. */
export interface ContractCheck {
  readonly id: string;
  readonly title: string;
  /** `noted`: worth knowing, but not a failure. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'noted';
  /** What the check found, for people. */
  readonly finding: string;
  /** The request and the response, cut to a few hundred characters. */
  readonly sent: string | null;
  readonly received: string | null;
}

export interface ContractReport {
  readonly endpointName: string;
  readonly testedAt: Date;
  /** What the endpoint served at the test. Null: the endpoint did not exist, or Annex did not record this yet. */
  readonly deployment: Deployment | null;
  readonly passed: boolean;
  /** Supported content types; scoring uses the first. */
  readonly contentTypes: readonly ContentType[];
  readonly checks: readonly ContractCheck[];
  /** Median latency of requests with 1 and 100 rows, ms. */
  readonly latencyMs: { readonly rows1: number | null; readonly rows100: number | null };
}

/** Contract reports of the tenant's endpoints, kept forever. */
export interface ContractReports {
  /** Idempotent per report; `audit` is recorded in the same transaction. */
  keep(report: ContractReport, testedBy: string, audit?: AuditEvent): Promise<void>;
  /** The newest report of each of `endpointNames` that was tested. */
  newest(endpointNames: readonly string[]): Promise<readonly ContractReport[]>;
}

/** A registered endpoint that passed the contract test. Versions are numbered per tenant from 1 and never change. */
export interface ModelVersion {
  readonly version: number;
  readonly endpointName: string;
  readonly contentType: ContentType;
  readonly report: ContractReport;
  readonly registeredBy: string;
  readonly registeredAt: Date;
}

/** An endpoint with registered versions. */
export interface RegisteredEndpoint {
  readonly endpointName: string;
  /** Its newest versions, newest first; at most 20. */
  readonly versions: readonly number[];
  /** How many versions it has in total. */
  readonly registered: number;
}

/** The source of the CRM's scores. `version` null: the built-in model. */
export interface Activation {
  readonly version: number | null;
  readonly by: string;
  readonly at: Date;
}

/** The tenant's versions, and which one is active. */
export interface ModelRegistry {
  /** Newest first. */
  versions(page: {
    readonly before?: number | undefined;
    readonly limit: number;
  }): Promise<readonly ModelVersion[]>;
  version(version: number): Promise<ModelVersion | null>;
  /** Endpoints, those with the newest versions first; with `name`, only that one. */
  endpoints(page: {
    readonly name?: string | undefined;
    readonly limit: number;
  }): Promise<readonly RegisteredEndpoint[]>;
  /** The newest version of `deployment` behind `endpointName` with that content type; null when it was never registered. */
  registered(
    model: Pick<ModelVersion, 'endpointName' | 'contentType'> & { readonly deployment: Deployment },
  ): Promise<ModelVersion | null>;
  /** How many of the endpoints with these names have a version. */
  countEndpoints(among: readonly string[]): Promise<number>;
  /**
   * Registering the same report, or the same deployment of an endpoint, again returns its existing version. For the first version of an
   * endpoint, `limit.check` is given how many of the endpoints in `among` have one; what it throws, with nothing stored.
   */
  register(
    model: Omit<ModelVersion, 'version'>,
    limit?: { readonly among: readonly string[]; readonly check: (others: number) => void },
  ): Promise<ModelVersion>;
  /** The version that is the source of scores; null: the built-in model. */
  active(): Promise<ModelVersion | null>;
  /**
   * Activates a version, or the built-in model when null. Changes nothing when it is already active; otherwise writes `audit` in
   * the same transaction. Throws `not_found` for an unknown version.
   */
  activate(activation: Activation, audit?: AuditEvent): Promise<void>;
  /** Newest first. */
  activations(limit: number): Promise<readonly Activation[]>;
  /** The newest activation of each of `versions` that was ever activated. */
  newestActivations(versions: readonly number[]): Promise<readonly Activation[]>;
}
