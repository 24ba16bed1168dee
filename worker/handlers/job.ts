import type { QueueMessage } from '@/lib/aws/queue';
import type { Job } from '@/lib/domain/jobs';
import { decodeJob } from '@/lib/jobs/job-envelope';
import { log } from '@/lib/log';
import type { Outcome } from '../outcome';
import { churnRefit } from './churn-refit';
import { extractAdvance } from './extract-advance';
import { modelsRollBack } from './models-roll-back';
import { scoresJob } from './scores';
import { workbenchAdvance } from './workbench-advance';

/** Does the job in the message. A body that is no job is for the dead-letter queue. */
export async function runJob(message: QueueMessage): Promise<Outcome> {
  const decoded = decodeJob(message.body);
  if ('fault' in decoded) return { kind: 'bury', reason: `no job: ${decoded.fault}` };
  const { job } = decoded;
  const started = performance.now();
  const fields = { job: job.kind, tenant: job.tenantId, message: message.id, receives: message.receives };
  try {
    await handlerOf(job, message.id);
    log.info({ ...fields, ms: Math.round(performance.now() - started) }, 'job done');
    return { kind: 'done' };
  } catch (error) {
    log.warn({ ...fields, ms: Math.round(performance.now() - started) }, 'job failed');
    throw error;
  }
}

function handlerOf(job: Job, messageId: string): Promise<void> {
  switch (job.kind) {
    case 'workbench.advance':
      return workbenchAdvance(job, messageId);
    case 'extract.advance':
      return extractAdvance(job, messageId);
    case 'churn.refit':
      return churnRefit(job, messageId);
    case 'models.roll-back':
      return modelsRollBack(job, messageId);
    case 'scores.refresh':
    case 'scores.look':
    case 'scores.compare':
      return scoresJob(job, messageId);
  }
}
