import type { QueueMessage } from '@/lib/aws/core/queue';
import { tenantContextForSystem } from '@/lib/deps';
import { type JobOutcome, jobs, type LaneSize } from '@/lib/domain/jobs';
import { type DecodedJob, decodeJob } from '@/lib/jobs/job-envelope';
import { log } from '@/lib/log';
import { isReported } from '@/lib/outages';
import type { Place } from '../consumer';
import type { Outcome } from '../outcome';

/** The lanes of the kinds that have one. */
export const lanes: Readonly<Record<string, LaneSize>> = Object.fromEntries(
  Object.entries(jobs).flatMap(([kind, { lane }]) => (lane ? [[kind, lane]] : [])),
);

/** The lane of the message's job; null for kinds without a lane. */
export function placeOf({ body }: QueueMessage): Place | null {
  const decoded = decodeJob(body);
  if ('fault' in decoded || jobs[decoded.job.kind].lane === null) return null;
  return { lane: decoded.job.kind, owner: decoded.job.tenantId };
}

/** Runs the job in the message. A body that is not a job goes to the dead-letter queue. */
export async function runJob(message: QueueMessage): Promise<Outcome> {
  const decoded = decodeJob(message.body);
  if ('fault' in decoded) return { kind: 'bury', reason: `not a valid job: ${decoded.fault}` };
  const { job } = decoded;
  const started = performance.now();
  const fields = { job: job.kind, tenant: job.tenantId, message: message.id, receives: message.receives };
  try {
    const outcome = await run(job, message.id);
    log.info({ ...fields, ms: Math.round(performance.now() - started), outcome }, 'job done');
    return { kind: outcome };
  } catch (error) {
    // The consumer logs the error itself.
    if (!isReported(error))
      log.warn({ ...fields, ms: Math.round(performance.now() - started) }, 'job failed');
    throw error;
  }
}

async function run({ kind, tenantId, payload }: DecodedJob, messageId: string): Promise<JobOutcome> {
  return jobs[kind].run(await tenantContextForSystem(tenantId, messageId), payload);
}
