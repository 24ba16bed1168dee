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

/** The apps that SageMaker can stop by itself. */
export const idleAppTypes = ['JupyterLab', 'CodeEditor'] as const;
export type IdleAppType = (typeof idleAppTypes)[number];

/** How long an app may be idle before SageMaker stops it, minutes. */
export const idleLimits = { least: 60, most: 525_600 } as const;

/** What is set about idle shutdown. `minutes` null: AWS’s own standard. */
export interface IdleSetting {
  readonly state: 'enabled' | 'disabled';
  readonly minutes: number | null;
}

/** Of each type of app; null: not set, so SageMaker stops none. */
export type IdleSettings = Readonly<Record<IdleAppType, IdleSetting | null>>;

/** An app that is gone. AWS tells of it for a day, but not who stopped it. */
export interface EndedApp extends AppKey {
  /** When AWS last saw it alive; null: it does not tell. */
  readonly endedAt: Date | null;
  readonly activeAt: Date | null;
}

/** Idle shutdown in the tenant's domain. Throws as `RunningResources` does, and `not_found` without the domain. */
export interface IdleShutdown {
  /** What holds for every app of the domain whose owner has no setting of its own, and when the domain last changed. */
  ofDomain(domainId: string): Promise<{ readonly settings: IdleSettings; readonly changedAt: Date | null }>;
  /** Sets what `settings` has and leaves the rest of the domain as it is. It holds for apps that start afterwards. */
  change(domainId: string, settings: Partial<Readonly<Record<IdleAppType, IdleSetting>>>): Promise<void>;
  /** What a user profile or a space has set for itself, which goes before the domain’s. A space has minutes alone. */
  ofOwner(domainId: string, owner: AppKey['owner']): Promise<IdleSettings>;
  /** Apps that ended within a day, the latest created first; at most 10. */
  ended(): Promise<readonly EndedApp[]>;
}

/** How often endpoints in the tenant's own account were called. */
export interface EndpointCalls {
  /**
   * The calls of each endpoint in the seven days before `end`, by anybody, by its name; null where CloudWatch does not tell. One
   * `GetMetricData`, remembered for some minutes. Throws as `RunningResources` does.
   */
  ofWeek(
    endpoints: readonly Pick<RunningEndpoint, 'name' | 'variants'>[],
    end: Date,
  ): Promise<ReadonlyMap<string, number | null>>;
}
