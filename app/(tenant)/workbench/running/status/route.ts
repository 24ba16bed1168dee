import { listRunning } from '@/lib/domain/running/verbs/list-running';
import { route } from '@/lib/server/route';
import { runningReading } from '../running-reading';

/** What runs now, while something of it starts or stops. */
export const GET = route({ action: listRunning.action, scope: 'tenant' }, async (context) =>
  Response.json(runningReading(await listRunning(context, undefined))),
);
