import { tenantContextForSystem } from '@/lib/deps';
import { refitDefault } from '@/lib/domain/churn/verbs/refit-default';
import type { Job } from '@/lib/domain/jobs';

/** Fits the default on a tenant's orders and scores its customers. */
export async function churnRefit(
  job: Extract<Job, { kind: 'churn.refit' }>,
  messageId: string,
): Promise<void> {
  await refitDefault(await tenantContextForSystem(job.tenantId, messageId), undefined);
}
