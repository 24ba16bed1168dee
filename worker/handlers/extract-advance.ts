import { tenantContextForSystem } from '@/lib/deps';
import { advanceExtract } from '@/lib/domain/extracts/verbs/advance-extract';
import type { Job } from '@/lib/domain/jobs';

/** Looks at a tenant's extract and brings it to where its run is. */
export async function extractAdvance(
  job: Extract<Job, { kind: 'extract.advance' }>,
  messageId: string,
): Promise<void> {
  const ctx = await tenantContextForSystem(job.tenantId, messageId);
  await advanceExtract(ctx, { requestId: job.requestId });
}
