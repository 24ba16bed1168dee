import type { QueueMessage } from '@/lib/aws/core/queue';
import type { Job } from '@/lib/domain/jobs';
import { decodeJob } from '@/lib/jobs/job-envelope';
import { log } from '@/lib/log';
import type { Place } from '../consumer';
import type { LaneSize } from '../lanes';
import type { Outcome } from '../outcome';
import { churnRefit } from './churn-refit';
import { extractAdvance } from './extract-advance';
import { modelsRollBack } from './models-roll-back';
import { scoresJob } from './scores';
import { workbenchAdvance } from './workbench-advance';

/**
 * How many jobs of a kind a worker does at a time, where they may take long. Refits and comparisons are fewer than the connections
 * that they are made on (`lib/db/core/client.ts`), and leave one to scorings: work that finds none fails. Looks that SageMaker keeps waiting
 * must not be all that a worker has in hand; those that are let go are still due, and the sweep asks for them again.
 */
export const lanes: Readonly<Partial<Record<Job['kind'], LaneSize>>> = {
  'churn.refit': { most: 2 },
  'scores.refresh': { most: 4 },
  'scores.look': { most: 4, waiting: 100 },
  'scores.compare': { most: 1 },
};

/** The lane of the message's job; null for the kinds that are done at once. */
export function placeOf({ body }: QueueMessage): Place | null {
  const decoded = decodeJob(body);
  if ('fault' in decoded || lanes[decoded.job.kind] === undefined) return null;
  return { lane: decoded.job.kind, owner: decoded.job.tenantId };
}

/** Does the job in the message. A body that is no job is for the dead-letter queue. */
export async function runJob(message: QueueMessage): Promise<Outcome> {
  const decoded = decodeJob(message.body);
  if ('fault' in decoded) return { kind: 'bury', reason: `not a valid job: ${decoded.fault}` };
  const { job } = decoded;
  const started = performance.now();
  const fields = { job: job.kind, tenant: job.tenantId, message: message.id, receives: message.receives };
  try {
    const outcome = await handle(job, message.id);
    log.info({ ...fields, ms: Math.round(performance.now() - started), outcome: outcome.kind }, 'job done');
    return outcome;
  } catch (error) {
    log.warn({ ...fields, ms: Math.round(performance.now() - started) }, 'job failed');
    throw error;
  }
}

async function handle(job: Job, messageId: string): Promise<Outcome> {
  switch (job.kind) {
    case 'workbench.advance':
      await workbenchAdvance(job, messageId);
      break;
    case 'extract.advance':
      await extractAdvance(job, messageId);
      break;
    case 'churn.refit':
      await churnRefit(job, messageId);
      break;
    case 'models.roll-back':
      await modelsRollBack(job, messageId);
      break;
    case 'scores.refresh':
    case 'scores.look':
    case 'scores.compare':
      return scoresJob(job, messageId);
  }
  return { kind: 'done' };
}
