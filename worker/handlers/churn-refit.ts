import { tenantContextForSystem } from '@/lib/deps';
import { refitDefault } from '@/lib/domain/churn/refit-default';
import type { Job } from '@/lib/domain/jobs';
import { atMost } from '../at-most';

/** Fewer than the connections that refits are made on (`lib/db/client.ts`): one that finds none fails. */
const limited = atMost(2);

/** Fits the default on a tenant's orders and scores its customers. Waits while others are at it; the message stays hidden. */
export async function churnRefit(
  job: Extract<Job, { kind: 'churn.refit' }>,
  messageId: string,
): Promise<void> {
  await limited(async () => refitDefault(await tenantContextForSystem(job.tenantId, messageId), undefined));
}
