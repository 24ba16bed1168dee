import type { Person } from '../actor';
import type { AuditEvent } from '../audit/ports';
import type { UsualDurations, WorkbenchStanding } from '../workbench/ports';

/** What a tenant’s workbench hangs on, in the order in which people read it. `needs` in `links.ts` says what depends on what. */
export const linkNames = [
  'portal-role',
  'trust',
  'external-id',
  'session-tag',
  'stack-instance',
  'domain',
  'execution-role',
  'bucket',
  'extract-job',
  'endpoint',
  'metrics',
  'quotas',
] as const;
export type LinkName = (typeof linkNames)[number];

export const linkStates = ['ok', 'failed', 'not-reached'] as const;
export type LinkState = (typeof linkStates)[number];

/** What can be wrong, each with a fix of its own in `fixes.ts`. */
export const faultNames = [
  // Any call.
  'denied',
  'throttled',
  'unreachable',
  'clock',
  'unexpected',
  // The portal’s own role.
  'no-credentials',
  'other-account',
  // The roles that the portal assumes.
  'pooled-refused',
  'role-missing',
  'not-trusted',
  'trust-unreadable',
  'refused-elsewhere',
  'external-id-wrong',
  'external-id-not-required',
  'tag-refused',
  'tag-not-required',
  // What the baseline makes.
  'instance-missing',
  'instance-failed',
  'instance-slow',
  'instance-drifted',
  'domain-missing',
  'domain-failed',
  'domain-slow',
  'execution-role-missing',
  'execution-role-closed',
  'execution-role-foreign',
  'doctor-refused',
  'bucket-missing',
  'key-foreign',
  // What the portal’s account has for all tenants.
  'job-missing',
  'replica-unreachable',
  // What the tenant made.
  'endpoint-missing',
  'endpoint-failed',
  'endpoint-not-serving',
  'quota-exhausted',
] as const;
export type FaultName = (typeof faultNames)[number];

/** A call that was made: as in a policy, `sts:AssumeRole`, and on what. Neither has a secret. */
export interface Call {
  readonly operation: string;
  readonly resource: string;
}

/** What came back, as AWS says it; made safe to show. */
export interface AwsAnswer {
  readonly code: string;
  readonly text: string;
}

/** What one look at a link came to. */
export interface Observation {
  readonly calls: readonly Call[];
  /** In words: what is there, or what is wrong. */
  readonly found: string;
  readonly answer: AwsAnswer | null;
  /** Null: the link is ok. */
  readonly fault: FaultName | null;
  /** Of a call that was denied: which one. */
  readonly denied: Call | null;
}

/** What to do about a fault. */
export interface Fix {
  readonly words: string;
  /** Where in the AWS console, as the names of its pages. */
  readonly console: string | null;
  /** Statements of a policy, as JSON. */
  readonly policy: string | null;
  /** A page of Annex. */
  readonly page: 'workbench' | 'model' | null;
}

export interface LinkResult {
  readonly name: LinkName;
  readonly state: LinkState;
  readonly calls: readonly Call[];
  readonly found: string;
  readonly answer: AwsAnswer | null;
  readonly fault: FaultName | null;
  readonly fix: Fix | null;
  /** Not reached because of that link; null: because of nothing that is wrong. */
  readonly because: LinkName | null;
  readonly at: Date;
  /** How long the look took, ms. */
  readonly ms: number;
}

/** The newest results of a tenant’s links. Those of one run have one time; a link that was looked at again has a later one. */
export interface DoctorRun {
  readonly links: readonly LinkResult[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly askedBy: string;
}

/** What is known before anything is called. */
export interface Target {
  readonly tenantId: string;
  readonly accountId: string | null;
  /** Null: none, or it cannot be read. */
  readonly workbench: Pick<WorkbenchStanding, 'state' | 'steps'> | null;
  /** The endpoint of the active version; null: the built-in model is in use. */
  readonly endpointName: string | null;
  readonly usual: UsualDurations | null;
}

/** Names that a fix needs. */
export interface Place {
  readonly region: string;
  /** The portal’s own role; null until it has said who it is. */
  readonly portalRoleArn: string | null;
  readonly pooledRoleArn: string;
  readonly accountRole: string;
  readonly externalId: string;
  readonly stackSet: string;
  readonly extractJob: string;
  readonly bucket: string | null;
}

/** One examination of a tenant’s links. What a look finds serves the next ones: a session is asked for once. */
export interface Examination {
  readonly target: Target;
  place(): Place;
  look(link: LinkName): Promise<Observation>;
}

/** The doctor of one tenant. It sees how things stand, and nothing that is in them. */
export interface Doctor {
  examine(): Promise<Examination>;
  /** The newest results; null before the first run. */
  last(): Promise<DoctorRun | null>;
  /** Until `keep`, or for at most two minutes, nobody else may begin. Throws `conflict` while somebody else’s run is under way. */
  begin(by: Person): Promise<void>;
  /** Ends a run that has no results. */
  release(): Promise<void>;
  /** Stores results in place of earlier ones of the same links, with the audit event, and ends the run. */
  keep(run: DoctorRun, event: AuditEvent): Promise<void>;
}

/** How a tenant was when the doctor last looked. */
export interface Health {
  readonly tenantId: string;
  /** The first link that failed; null: none did. */
  readonly failing: LinkName | null;
  readonly at: Date;
}

/** The doctors of all tenants. */
export interface Doctors {
  of(tenantId: string): Doctor;
  /** Of those tenants where it ever ran. One read, whatever their number. */
  health(tenantIds: readonly string[]): Promise<readonly Health[]>;
}
