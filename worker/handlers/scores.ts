import { tenantContextForSystem } from '@/lib/deps';
import type { Job } from '@/lib/domain/jobs';
import { lookAtEndpoint } from '@/lib/domain/scoring/look-at-endpoint';
import { measureScores } from '@/lib/domain/scoring/measure-scores';
import { scoreCustomers } from '@/lib/domain/scoring/score-customers';

type ScoresJob = Extract<Job, { kind: 'scores.refresh' | 'scores.look' | 'scores.compare' }>;

/** Scores a tenant's customers by its model, looks at the model's endpoint, or compares the scores with the default's. */
export async function scoresJob({ kind, tenantId }: ScoresJob, messageId: string): Promise<void> {
  const ctx = await tenantContextForSystem(tenantId, messageId);
  switch (kind) {
    case 'scores.refresh':
      ctx.log.info({ outcome: await scoreCustomers(ctx, undefined) }, 'scoring ended');
      return;
    case 'scores.look':
      await lookAtEndpoint(ctx, undefined);
      return;
    case 'scores.compare':
      await measureScores(ctx, undefined);
  }
}
