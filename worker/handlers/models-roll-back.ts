import { tenantContextForSystem } from '@/lib/deps';
import type { Job } from '@/lib/domain/jobs';
import { finishRollBack } from '@/lib/domain/models/verbs/finish-roll-back';

/** Activates a version when SageMaker has deployed it again. */
export async function modelsRollBack(
  { tenantId, version, asked }: Extract<Job, { kind: 'models.roll-back' }>,
  messageId: string,
): Promise<void> {
  const ctx = await tenantContextForSystem(tenantId, messageId);
  ctx.log.info({ version, outcome: await finishRollBack(ctx, { version, asked }) }, 'roll-back checked');
}
