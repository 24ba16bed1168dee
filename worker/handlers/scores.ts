import { tenantContextForSystem } from '@/lib/deps';
import type { Job } from '@/lib/domain/jobs';
import { lookAtEndpoint } from '@/lib/domain/scoring/verbs/look-at-endpoint';
import { measureScores } from '@/lib/domain/scoring/verbs/measure-scores';
import { scoreCustomers } from '@/lib/domain/scoring/verbs/score-customers';
import type { Outcome } from '../outcome';

type ScoresJob = Extract<Job, { kind: 'scores.refresh' | 'scores.look' | 'scores.compare' }>;

/**
 * Scores a tenant's customers by its model, looks at the model's endpoint, or compares the scores with the default's. A scoring whose
 * turn is over goes on behind those that wait, under the same message, which holds its run.
 */
export async function scoresJob({ kind, tenantId }: ScoresJob, messageId: string): Promise<Outcome> {
  const ctx = await tenantContextForSystem(tenantId, messageId);
  switch (kind) {
    case 'scores.refresh': {
      const outcome = await scoreCustomers(ctx, undefined);
      ctx.log.info({ outcome }, 'scoring run ended');
      return { kind: outcome === 'paused' ? 'again' : 'done' };
    }
    case 'scores.look':
      await lookAtEndpoint(ctx, undefined);
      return { kind: 'done' };
    case 'scores.compare':
      await measureScores(ctx, undefined);
      return { kind: 'done' };
  }
}
