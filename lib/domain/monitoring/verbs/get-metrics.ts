import type { TenantContext } from '@/lib/domain/context';
import type { Activation, ModelRegistry, RegisteredEndpoint } from '@/lib/domain/models/ports';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError, type ErrorCode, isAnnexError } from '@/lib/errors';
import { type Figures, figuresOf } from '../figures';
import type { EndpointReading, MetricRange, MetricWindow } from '../ports';
import { getMetricsInput } from '../schemas';
import { windowOf } from '../windows';

/** A dependency's refusal or failure, with a message for people. */
export interface MetricsFailure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The state of the endpoint itself. */
export type EndpointState =
  | { readonly state: 'there'; readonly status: string; readonly reason: string | null }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly failure: MetricsFailure };

/** An endpoint that people can choose: its versions share one endpoint and its figures. */
export interface MonitoredEndpoint extends RegisteredEndpoint {
  /** The version that is the source of scores; null when it is none of this endpoint's. */
  readonly active: number | null;
}

export interface EndpointMetricsView {
  readonly state: 'endpoint';
  readonly range: MetricRange;
  readonly window: MetricWindow;
  readonly chosen: MonitoredEndpoint;
  readonly choices: readonly MonitoredEndpoint[];
  readonly endpoint: EndpointState;
  /** Null when neither SageMaker nor CloudWatch knows any variant of the endpoint. */
  readonly variant: string | null;
  readonly variants: readonly string[];
  /** What became active in the window, newest first; at most 50. */
  readonly activations: readonly Pick<Activation, 'version' | 'at'>[];
  readonly metrics:
    | {
        readonly state: 'read';
        readonly readAt: Date;
        readonly messages: readonly string[];
        readonly figures: Figures;
      }
    /** CloudWatch lists no metrics of the endpoint; it lists those with data within two weeks. */
    | { readonly state: 'nothing' }
    | { readonly state: 'failed'; readonly failure: MetricsFailure };
}

export type MetricsView =
  /** The organisation has no AWS account yet. */
  | { readonly state: 'no_account' }
  /** The built-in model is active, which has no endpoint. `choices`: endpoints with metrics to show. */
  | { readonly state: 'no_model'; readonly choices: readonly MonitoredEndpoint[] }
  | EndpointMetricsView;

const maxChoices = 50;
const maxActivations = 50;

/**
 * Metrics of the active model's endpoint or of the given one. A dependency's refusal or failure is part of the result. Throws
 * `forbidden`, `invalid`, and `not_found` when no version of the endpoint was registered.
 */
export const getMetrics = tenantVerb(
  'monitoring.view',
  getMetricsInput,
  async (ctx, { range, endpoint: asked, variant, span }): Promise<MetricsView> => {
    const { models } = ctx.ports;
    const [active, registered, activations] = await Promise.all([
      models.active(),
      models.endpoints({ limit: maxChoices }),
      models.activations(maxActivations),
    ]);
    const choiceOf = (one: RegisteredEndpoint): MonitoredEndpoint => ({
      ...one,
      active: one.endpointName === active?.endpointName ? active.version : null,
    });
    const name = asked ?? active?.endpointName;
    const found = name === undefined ? null : await registeredAs(models, name, registered);
    const { accountId } = ctx.tenant;
    if (accountId === null) return { state: 'no_account' };
    if (!found) return { state: 'no_model', choices: registered.map(choiceOf) };
    // The chosen endpoint is listed even if it is too old for the list.
    const choices = registered.includes(found) ? registered : [found, ...registered];
    const { endpoint, variants, unlisted } = await lookAt(ctx, accountId, found.endpointName);
    const shown = variant ?? variants[0] ?? null;
    const window = windowOf(range, ctx.now(), span);
    const metrics = await metricsOf(ctx, { endpoint, unlisted, variants }, () =>
      shown === null
        ? null
        : ctx.ports.endpointMetrics.read({
            accountId,
            endpointName: found.endpointName,
            variantName: shown,
            window,
          }),
    );
    return {
      state: 'endpoint',
      range,
      window,
      chosen: choiceOf(found),
      choices: choices.map(choiceOf),
      endpoint,
      variant: shown,
      variants,
      activations: activations
        .filter(({ at }) => at >= window.start && at < window.end)
        .map(({ version, at }) => ({ version, at })),
      metrics,
    };
  },
);

async function registeredAs(
  models: ModelRegistry,
  name: string,
  known: readonly RegisteredEndpoint[],
): Promise<RegisteredEndpoint> {
  const found =
    known.find(({ endpointName }) => endpointName === name) ??
    (await models.endpoints({ name, limit: 1 }))[0];
  if (!found) throw new AnnexError('not_found', `None of your model versions uses the endpoint ${name}.`);
  return found;
}

interface Seen {
  readonly endpoint: EndpointState;
  readonly variants: readonly string[];
  /** Why some variants may be unknown; null when all are known. */
  readonly unlisted: MetricsFailure | null;
}

/** The endpoint and its variants; if SageMaker does not show it, the variants that CloudWatch lists. */
async function lookAt(ctx: TenantContext, accountId: string, endpointName: string): Promise<Seen> {
  const seen = await orFailure(ctx, () => ctx.ports.endpoints.describe(endpointName));
  if (seen && !('code' in seen) && seen.variants.length > 0) {
    const endpoint = { state: 'there', status: seen.status, reason: seen.failureReason } as const;
    return { endpoint, variants: seen.variants.map(({ name }) => name), unlisted: null };
  }
  const endpoint: EndpointState = !seen
    ? { state: 'gone' }
    : 'code' in seen
      ? { state: 'unknown', failure: seen }
      : { state: 'there', status: seen.status, reason: seen.failureReason };
  const variants = await orFailure(ctx, () => ctx.ports.endpointMetrics.variants(accountId, endpointName));
  if ('code' in variants) return { endpoint, variants: [], unlisted: variants };
  return { endpoint, variants, unlisted: endpoint.state === 'unknown' ? endpoint.failure : null };
}

async function metricsOf(
  ctx: TenantContext,
  { endpoint, unlisted, variants }: Seen,
  read: () => Promise<EndpointReading> | null,
): Promise<EndpointMetricsView['metrics']> {
  const reading = await orFailure(ctx, async () => read());
  if (reading && 'code' in reading) return { state: 'failed', failure: reading };
  // A failed query for the variants does not mean that the endpoint has no metrics.
  if (!reading) return unlisted ? { state: 'failed', failure: unlisted } : { state: 'nothing' };
  const figures = figuresOf(reading, variants.length > 1);
  const serves = endpoint.state === 'there' && endpoint.status === 'InService';
  return {
    state: 'read',
    readAt: reading.readAt,
    messages: reading.messages,
    // An endpoint that is not in service is not late.
    figures: serves ? figures : { ...figures, late: false },
  };
}

/** The result of `run`, or a dependency's failure. */
async function orFailure<T>(ctx: TenantContext, run: () => Promise<T>): Promise<T | MetricsFailure> {
  try {
    return await run();
  } catch (error) {
    if (!isAnnexError(error, 'dependency_denied', 'dependency_failed', 'throttled')) throw error;
    ctx.log.warn({ err: error, code: error.code }, 'metrics could not be read');
    return { code: error.code, message: error.message };
  }
}
