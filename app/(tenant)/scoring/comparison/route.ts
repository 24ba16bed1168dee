import { getComparison } from '@/lib/domain/scoring/verbs/get-comparison';
import { route } from '@/lib/server/route';
import { comparisonReading } from '../../customers/compare/reading';

/** Whether a comparison of the models is still to come. */
export const GET = route({ action: getComparison.action, scope: 'tenant' }, async (context) =>
  Response.json(comparisonReading(await getComparison(context, undefined), context.now())),
);
