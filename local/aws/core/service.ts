import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Services } from './services';

/** Who signed a request, as the credential store knows the key. */
export interface Caller {
  readonly accountId: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` or `arn:aws:iam::<account>:role/<role>` for a long-lived key. */
  readonly arn: string;
  readonly roleArn: string;
  /** Session tags, e.g. `TenantId`. */
  readonly tags: Readonly<Record<string, string>>;
  /** Organization of the account; the portal's own unless it says another. */
  readonly organizationId?: string;
}

/** A failure in AWS's own shape. `code` is what the SDKs expose as the error's name. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly detail: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** What a service may use of the stand-in it runs in. */
export interface StandIn {
  readonly region: string;
  /** The account that the portal runs in. */
  readonly portalAccountId: string;
  /** Origin that people and clients reach the stand-in at, without a trailing slash. */
  readonly origin: string;
  /** Origin of Studio's pages, which serves nothing that tenants write. */
  readonly studioOrigin: string;
  /** Length of one asynchronous step, ms. */
  readonly stepMs: number;
  readonly state: StateStore;
  readonly log: StandInLog;
  /**
   * Throws AccessDenied(Exception) unless a policy of the caller's role allows `action` on `resource` and none denies
   * it. `context` holds condition keys, e.g. `dynamodb:LeadingKeys`.
   */
  authorize(
    caller: Caller,
    action: string,
    resource: string,
    context?: Readonly<Record<string, string | readonly string[]>>,
  ): void;
  /** The other services, for what AWS itself does behind the scenes. They are there once all have been made. */
  readonly services: Services;
  /** Runs `task` after `ms`; pending tasks are dropped when the stand-in stops (resume them in `start`). */
  later(ms: number, task: () => Promise<void>): void;
  /** Faults that a trial or test asked for; see `POST /_annex/faults`. */
  fault(point: string, subject: string): string | null;
  /** Faults that last until they are taken back, and so are never used up. */
  standing(point: string, subject: string): string | null;
}

export interface StandInLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Documents on disk, by collection and key; writes are durable before the promise resolves. */
export interface StateStore {
  get<T>(collection: string, key: string): Promise<T | undefined>;
  put<T>(collection: string, key: string, value: T): Promise<void>;
  delete(collection: string, key: string): Promise<void>;
  /** In key order. `gt`/`prefix` narrow, `limit` ends. */
  list<T>(
    collection: string,
    range?: { readonly prefix?: string; readonly gt?: string; readonly limit?: number },
  ): Promise<readonly (readonly [key: string, value: T])[]>;
}

/**
 * Input: the JSON body; for the Query protocol the parameters as nested objects, lists as arrays, every scalar a string.
 * Output: plain objects; a `Date` becomes epoch seconds (JSON) or ISO 8601 (Query), an array in Query a list of `member`.
 * `signal` aborts when the client has gone away or the stand-in stops.
 */
export type Operation = (
  input: Record<string, unknown>,
  caller: Caller,
  requestId: string,
  signal: AbortSignal,
) => Promise<unknown>;

/** An operation that nobody signs: it is for people, who have no AWS keys. */
export type OpenOperation = (input: Record<string, unknown>) => Promise<unknown>;

/** Turns the Query protocol of a JSON service into its JSON and back; lists in an answer are repeated elements. */
export interface LegacyQuery {
  readonly namespace: string;
  input(parameters: Readonly<Record<string, unknown>>): Record<string, unknown>;
  output(operation: string, answer: unknown): object;
}

/** A service with a JSON protocol (`X-Amz-Target: <target>.<Operation>`) or the Query protocol (`Action=<Operation>`). */
export interface RpcService {
  /** As in a SigV4 credential scope: `sagemaker`, `servicecatalog`, `cloudformation`, `sts`, … */
  readonly name: string;
  readonly protocol: 'json-1.0' | 'json-1.1' | 'query';
  /** Query protocol: the XML namespace of the answer. */
  readonly namespace?: string;
  /** For clients that still speak Query with a JSON service. */
  readonly legacyQuery?: LegacyQuery;
  /** Error codes of a service that spoke Query before it spoke JSON, for clients that know it by those. */
  readonly queryCodes?: Readonly<Record<string, string>>;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Operations that no policy guards, by the whole `X-Amz-Target`. */
  readonly open?: Readonly<Record<string, OpenOperation>>;
  /** Takes up work that a stop interrupted. */
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

/** The body of a signed request, out of its `aws-chunked` coding. It errors instead of ending when it is not what was signed. */
export interface Payload {
  readonly body: Readable;
  /** Bytes, as the client declared them. */
  readonly length: number | null;
  /** Trailing headers in lower case; complete once `body` has ended. */
  trailers(): Readonly<Record<string, string>>;
}

/** A service that answers HTTP itself (S3; Studio's pages, which nobody signs). */
export interface HttpService {
  readonly name: string;
  /** `caller` and `payload` are null for an unsigned request. */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller | null,
    requestId: string,
    payload: Payload | null,
  ): Promise<void>;
  start?(): Promise<void>;
  stop?(): Promise<void>;
}
