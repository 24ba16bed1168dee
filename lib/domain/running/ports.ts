/** An app of Studio, as SageMaker tells it from others of the account. Its names come from the account: untrusted text. */
export interface AppKey {
  readonly domainId: string;
  /** The user profile or the space that it runs for. */
  readonly owner: { readonly kind: 'profile' | 'space'; readonly name: string };
  /** SageMaker's AppType, e.g. `JupyterLab`. */
  readonly type: string;
  readonly name: string;
}

/** An app that costs by the hour, or is on its way to or from that. */
export interface RunningApp extends AppKey {
  /** SageMaker's AppStatus: `Pending`, `InService`, `Deleting`. */
  readonly status: string;
  /** E.g. `ml.t3.medium`; null: SageMaker does not tell. */
  readonly instanceType: string | null;
  readonly since: Date | null;
  /** When somebody last used it; null: SageMaker does not tell. */
  readonly activeAt: Date | null;
}

/** A variant of an endpoint with its instances now. */
export interface RunningVariant {
  readonly name: string;
  /** Null: its configuration is gone, or it is serverless. */
  readonly instanceType: string | null;
  readonly instances: number;
  /** It costs by the call, not by the hour. */
  readonly serverless: boolean;
}

/** An endpoint that costs by the hour, or is on its way to or from that. Its name comes from the account: untrusted text. */
export interface RunningEndpoint {
  readonly name: string;
  /** SageMaker's EndpointStatus, e.g. `InService`, `Deleting`. */
  readonly status: string;
  readonly since: Date | null;
  /** Shadow variants too: they cost the same. */
  readonly variants: readonly RunningVariant[];
}

/** What runs; `more`: there are others, which were not asked for. */
export interface RunningList<T> {
  readonly items: readonly T[];
  readonly more: boolean;
}

/** At most as many apps, and as many endpoints, are listed. */
export const mostListed = 100;

/**
 * What runs in the tenant's own account and costs by the hour. Every method throws `conflict` while the tenant has no account, and
 * `dependency_denied`, `dependency_failed`, `throttled`.
 */
export interface RunningResources {
  /** Latest created first. */
  apps(): Promise<RunningList<RunningApp>>;
  /** Latest created first. */
  endpoints(): Promise<RunningList<RunningEndpoint>>;
  /** Deletes the app, which may be repeated; its files stay. False: there is no such app any more. */
  stopApp(key: AppKey): Promise<boolean>;
  /** Deletes the endpoint, which may be repeated; its model and its configuration stay. False: there is no such endpoint any more. */
  stopEndpoint(endpointName: string): Promise<boolean>;
}
