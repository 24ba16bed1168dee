import { z } from 'zod';
import { refitDefault } from './churn/verbs/refit-default';
import { advanceClosing } from './closing/verbs/advance-closing';
import type { TenantContext } from './context';
import { measureSpend } from './costs/verbs/measure-spend';
import { extractInput } from './extracts/schemas';
import { advanceExtract } from './extracts/verbs/advance-extract';
import { subscriptionInput } from './marketplace/schemas';
import { advanceSubscription } from './marketplace/verbs/advance-subscription';
import { finishRollBackInput } from './models/schemas';
import { finishRollBack } from './models/verbs/finish-roll-back';
import { advanceOnboarding } from './onboarding/verbs/advance-onboarding';
import { quietTenantInput } from './running/schemas';
import { quietTenant } from './running/verbs/quiet-tenant';
import { checkEndpointHealth } from './scoring/verbs/check-endpoint-health';
import { compareWithDefault } from './scoring/verbs/compare-with-default';
import { scoreCustomers } from './scoring/verbs/score-customers';
import { isResting } from './tenants/tenant';
import { advanceWorkbenchInput } from './workbench/schemas';
import { advanceWorkbench } from './workbench/verbs/advance-workbench';

/** How many jobs of a kind a worker runs at a time, and how many may wait; without `waiting`, any number may. */
export interface LaneSize {
  readonly most: number;
  readonly waiting?: number;
}

/** What happens to a job's message. `again`: the same message goes back to the end of its lane to continue its work. */
export type JobOutcome = 'done' | 'again';

interface JobDefinition<S extends z.ZodObject> {
  /** What the job carries besides its kind and its tenant. */
  readonly payload: S;
  /** The lane of work that may take long; null when the work is short. */
  readonly lane: LaneSize | null;
  /** Whether a tenant that rests gets none of this work: it is not done, and the sweep asks for it again once the tenant is back. */
  readonly rests?: true;
  /** Does the work as the system inside the job's tenant. Throws what the verb throws. */
  run(ctx: TenantContext, payload: unknown): Promise<JobOutcome>;
}

/** Parses the payload before it calls `run`. */
function define<S extends z.ZodObject>(
  definition: Omit<JobDefinition<S>, 'run'> & {
    run(ctx: TenantContext, payload: z.output<S>): Promise<JobOutcome>;
  },
): JobDefinition<S> {
  const { payload, lane, rests } = definition;
  return {
    payload,
    lane,
    async run(ctx, given) {
      const parsed = payload.parse(given);
      return rests && isResting(ctx.tenant.state) ? 'done' : definition.run(ctx, parsed);
    },
  };
}

const noPayload = z.object({});

/**
 * Every kind of job: work that the worker does after the request was answered. Delivered at least once, in any order.
 *
 * The lanes for refits and comparisons are smaller than the pool of connections for them (`lib/db/core/client.ts`), so that one
 * is left for scoring runs: work without a connection fails. Slow health checks must not fill a worker, so their lane limits how
 * many wait; those that are dropped stay due, and the sweep sends them again.
 */
export const jobs = {
  /** Without `requestId`: the tenant's live request. */
  'workbench.advance': define({
    payload: advanceWorkbenchInput,
    lane: null,
    async run(ctx, { requestId }) {
      await advanceWorkbench(ctx, { requestId });
      return 'done';
    },
  }),
  'tenants.onboard': define({
    payload: noPayload,
    lane: null,
    async run(ctx) {
      await advanceOnboarding(ctx, undefined);
      return 'done';
    },
  }),
  'tenants.close': define({
    payload: noPayload,
    lane: null,
    async run(ctx) {
      await advanceClosing(ctx, undefined);
      return 'done';
    },
  }),
  /** The tenant is suspended: its apps stop, and what waits is cancelled. */
  'tenants.quiet': define({
    payload: quietTenantInput,
    lane: null,
    async run(ctx, input) {
      ctx.log.info({ outcome: await quietTenant(ctx, input) }, 'suspension looked after');
      return 'done';
    },
  }),
  'subscriptions.advance': define({
    payload: subscriptionInput,
    lane: null,
    async run(ctx, { subscriptionId }) {
      await advanceSubscription(ctx, { subscriptionId });
      return 'done';
    },
  }),
  'extract.advance': define({
    payload: extractInput,
    lane: null,
    async run(ctx, { requestId }) {
      await advanceExtract(ctx, { requestId });
      return 'done';
    },
  }),
  'churn.refit': define({
    payload: noPayload,
    rests: true,
    lane: { most: 2 },
    async run(ctx) {
      await refitDefault(ctx, undefined);
      return 'done';
    },
  }),
  /** SageMaker redeploys what was tested as `version`; the job activates it once it is there. */
  'models.roll-back': define({
    payload: finishRollBackInput,
    lane: null,
    async run(ctx, { version, asked }) {
      ctx.log.info({ version, outcome: await finishRollBack(ctx, { version, asked }) }, 'roll-back checked');
      return 'done';
    },
  }),
  /** The source of the tenant's scores or their features changed: score the customers whose scores are out of date. */
  'scores.refresh': define({
    payload: noPayload,
    rests: true,
    lane: { most: 4 },
    async run(ctx) {
      const outcome = await scoreCustomers(ctx, undefined);
      ctx.log.info({ outcome }, 'scoring run ended');
      return outcome === 'paused' ? 'again' : 'done';
    },
  }),
  /** The active endpoint is due for a health check. */
  'scores.look': define({
    payload: noPayload,
    rests: true,
    lane: { most: 4, waiting: 100 },
    async run(ctx) {
      await checkEndpointHealth(ctx, undefined);
      return 'done';
    },
  }),
  /** What runs in the tenant’s account is due to be measured. */
  'costs.measure': define({
    payload: noPayload,
    lane: { most: 4 },
    async run(ctx) {
      ctx.log.info({ outcome: await measureSpend(ctx, undefined) }, 'spend measured');
      return 'done';
    },
  }),
  /** The shown run is not yet compared with the default. */
  'scores.compare': define({
    payload: noPayload,
    rests: true,
    lane: { most: 1 },
    async run(ctx) {
      await compareWithDefault(ctx, undefined);
      return 'done';
    },
  }),
};

export type JobKind = keyof typeof jobs;

type Payload<K extends JobKind> = z.input<(typeof jobs)[K]['payload']>;

/** A job as its tenant sends it. */
export type TenantJob = {
  [K in JobKind]: { readonly kind: K } & (Payload<K> extends Record<string, never>
    ? unknown
    : Readonly<Payload<K>>);
}[JobKind];

export type Job = TenantJob & { readonly tenantId: string };

interface SendOptions {
  /** Delay before the job can be received, s (0 to 900). */
  readonly delaySeconds?: number;
  /** How long to wait for the queue, s; the job may have been sent even so. Otherwise as long as AWS’s client tries. */
  readonly withinSeconds?: number;
}

export interface JobQueue {
  send(job: Job, options?: SendOptions): Promise<void>;
}

/** The queue as the verbs of one tenant see it: every job they send belongs to that tenant. */
export interface TenantJobQueue {
  send(job: TenantJob, options?: SendOptions): Promise<void>;
}

/** `queue`, bound to `tenantId`. */
export const jobsOf = (tenantId: string, queue: JobQueue): TenantJobQueue => ({
  send: (job, options) => queue.send({ ...job, tenantId }, options),
});
