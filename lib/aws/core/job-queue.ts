import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Job, JobQueue } from '@/lib/domain/jobs';
import { env } from '@/lib/env';
import { portalClient } from './clients';
import { aws } from './errors';

/** Annex's jobs queue on SQS. `encode` writes a job as a message's body. */
export function jobQueue(encode: (job: Job) => string): JobQueue {
  return {
    async send(job, { delaySeconds = 0, withinSeconds } = {}) {
      const limit =
        withinSeconds === undefined ? {} : { abortSignal: AbortSignal.timeout(withinSeconds * 1000) };
      await aws('queueing the job', () =>
        portalClient(SQSClient).send(
          new SendMessageCommand({
            QueueUrl: env().ANNEX_JOBS_QUEUE_URL,
            MessageBody: encode(job),
            DelaySeconds: Math.min(900, Math.max(0, Math.round(delaySeconds))),
          }),
          limit,
        ),
      );
    },
  };
}
