import { route } from '@/lib/server/route';
import { overviewsReading, readOverviews } from '../overviews';
import { overviewPage } from '../page-info';

/** Whether the overview shows something else by now. */
export const GET = route({ action: overviewPage.action, scope: overviewPage.scope }, async (context) =>
  Response.json(overviewsReading(await readOverviews(context), context.now())),
);
