import { allows } from '@/lib/domain/authorize';
import { crmOverview } from '@/lib/domain/crm/verbs/crm-overview';
import { getScoring } from '@/lib/domain/scoring/verbs/get-scoring';
import { route } from '@/lib/server/route';
import { scoringReading } from '../../customers/scoring-reading';

/** The state of the tenant's scores, and for the people in charge of the model the progress of its run. */
export const GET = route({ action: crmOverview.action, scope: 'tenant' }, async (context) => {
  const [overview, scoring] = await Promise.all([
    crmOverview(context, undefined),
    allows(context.actor, getScoring.action) ? getScoring(context, undefined) : null,
  ]);
  return Response.json(scoringReading(overview, scoring, context.now()));
});
