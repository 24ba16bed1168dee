import { getOverview } from '@/lib/domain/overview/verbs/get-overview';
import { route } from '@/lib/server/route';
import { overviewReading } from '../overview-reading';

/** Whether the overview shows something else by now. */
export const GET = route({ action: getOverview.action, scope: 'tenant' }, async (context) =>
  Response.json(overviewReading(await getOverview(context, undefined), context.now())),
);
