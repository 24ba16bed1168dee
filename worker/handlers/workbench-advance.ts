import { tenantContextForSystem } from '@/lib/deps';
import type { Job } from '@/lib/domain/jobs';
import { advanceWorkbench } from '@/lib/domain/workbench/verbs/advance-workbench';

/** Looks at a tenant's workbench and brings it one step on where AWS is. */
export async function workbenchAdvance(
  job: Extract<Job, { kind: 'workbench.advance' }>,
  messageId: string,
): Promise<void> {
  const ctx = await tenantContextForSystem(job.tenantId, messageId);
  await advanceWorkbench(ctx, { requestId: job.requestId });
}
