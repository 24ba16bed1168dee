import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { env } from '@/lib/env';
import { portalClient } from './clients';
import { aws } from './errors';

/** For readiness checks. Throws, like any call of SQS, unless the jobs queue responds. */
export async function pingJobsQueue(): Promise<void> {
  await aws('checking the jobs queue', () =>
    portalClient(SQSClient).send(
      new GetQueueAttributesCommand({ QueueUrl: env().ANNEX_JOBS_QUEUE_URL, AttributeNames: ['QueueArn'] }),
    ),
  );
}
