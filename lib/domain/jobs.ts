import { z } from 'zod';
import { refitDefault } from './churn/verbs/refit-default';
import type { TenantContext } from './context';
import { extractInput } from './extracts/schemas';
import { advanceExtract } from './extracts/verbs/advance-extract';
import { finishRollBackInput } from './models/schemas';
import { finishRollBack } from './models/verbs/finish-roll-back';
import { checkEndpointHealth } from './scoring/verbs/check-endpoint-health';
import { compareWithDefault } from './scoring/verbs/compare-with-default';
import { scoreCustomers } from './scoring/verbs/score-customers';
import { advanceWorkbenchInput } from './workbench/schemas';
import { advanceWorkbench } from './workbench/verbs/advance-workbench';

/** How many jobs of a kind a worker does at a time, and how many may wait for that; without a number any. */
export interface LaneSize {
  readonly most: number;
  readonly waiting?: number;
}

/** What becomes of a job's message. `again`: its work goes on behind that of others, under the same message. */
export type JobOutcome = 'done' | 'again';

interface JobDefinition<S extends z.ZodObject> {
  /** What the job carries beside its kind and its tenant. */
  readonly payload: S;
  /** For work that may take long; null: it is done at once. */
  readonly lane: LaneSize | null;
  /** Does the work, as the system inside the job's tenant. Throws what the verb throws. */
  run(ctx: TenantContext, payload: unknown): Promise<JobOutcome>;
}

/** `run` gets the payload once it was found to be one. */
function define<S extends z.ZodObject>(
  definition: Omit<JobDefinition<S>, 'run'> & {
    run(ctx: TenantContext, payload: z.output<S>): Promise<JobOutcome>;
  },
): JobDefinition<S> {
  const { payload, lane } = definition;
  return { payload, lane, run: async (ctx, given) => definition.run(ctx, payload.parse(given)) };
}

const nothing = z.object({});

/**
 * Every kind of job: work that the worker does after the request has been answered. Delivered at least once, in any order.
 *
 * Fewer refits and comparisons run at a time than there are connections for them (`lib/db/core/client.ts`), so that one is left
 * for scoring runs: work that finds none fails. Looks that SageMaker keeps waiting must not fill a worker; those that are let go
 * are still due, and the sweep asks for them again.
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
  'extract.advance': define({
    payload: extractInput,
    lane: null,
    async run(ctx, { requestId }) {
      await advanceExtract(ctx, { requestId });
      return 'done';
    },
  }),
  'churn.refit': define({
    payload: nothing,
    lane: { most: 2 },
    async run(ctx) {
      await refitDefault(ctx, undefined);
      return 'done';
    },
  }),
  /** SageMaker deploys again what was tested as `version`, which is to be activated once it is there. */
  'models.roll-back': define({
    payload: finishRollBackInput,
    lane: null,
    async run(ctx, { version, asked }) {
      ctx.log.info({ version, outcome: await finishRollBack(ctx, { version, asked }) }, 'roll-back checked');
      return 'done';
    },
  }),
  /** What the tenant's scores come from has changed: score anew where they are behind. */
  'scores.refresh': define({
    payload: nothing,
    lane: { most: 4 },
    async run(ctx) {
      const outcome = await scoreCustomers(ctx, undefined);
      ctx.log.info({ outcome }, 'scoring run ended');
      return outcome === 'paused' ? 'again' : 'done';
    },
  }),
  /** The active endpoint is due for a look. */
  'scores.look': define({
    payload: nothing,
    lane: { most: 4, waiting: 100 },
    async run(ctx) {
      await checkEndpointHealth(ctx, undefined);
      return 'done';
    },
  }),
  /** A run is shown that is not compared with the default yet. */
  'scores.compare': define({
    payload: nothing,
    lane: { most: 1 },
    async run(ctx) {
      await compareWithDefault(ctx, undefined);
      return 'done';
    },
  }),
};

export type JobKind = keyof typeof jobs;

type Payload<K extends JobKind> = z.input<(typeof jobs)[K]['payload']>;

/** A job as the tenant it belongs to sends it. */
export type TenantJob = {
  [K in JobKind]: { readonly kind: K } & (Payload<K> extends Record<string, never>
    ? unknown
    : Readonly<Payload<K>>);
}[JobKind];

export type Job = TenantJob & { readonly tenantId: string };

interface SendOptions {
  /** The job is handed out no earlier than this many seconds from now (0 to 900). */
  readonly delaySeconds?: number;
}

export interface JobQueue {
  send(job: Job, options?: SendOptions): Promise<void>;
}

/** The queue as one tenant's verbs see it: whatever they send is that tenant's. */
export interface TenantJobQueue {
  send(job: TenantJob, options?: SendOptions): Promise<void>;
}

/** `queue` for `tenantId` alone. */
export const jobsOf = (tenantId: string, queue: JobQueue): TenantJobQueue => ({
  send: (job, options) => queue.send({ ...job, tenantId }, options),
});
