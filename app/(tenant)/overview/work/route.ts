import { getOverview } from '@/lib/domain/overview/verbs/get-overview';
import { route } from '@/lib/server/route';
import { workReading } from '../work-reading';

/** What is under way, and what ended last; read by the shell of every page, while there is such work. */
export const GET = route({ action: getOverview.action, scope: 'tenant' }, async (context) =>
  Response.json(workReading(await getOverview(context, undefined), context.now())),
);
