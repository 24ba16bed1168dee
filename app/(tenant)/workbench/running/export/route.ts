import { runningCsv } from '@/lib/domain/running/running-csv';
import { listRunning } from '@/lib/domain/running/verbs/list-running';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';
import { itemsOf } from '../view';

/** What runs, as CSV. */
export const GET = route({ action: listRunning.action, scope: 'tenant' }, async (context, request) => {
  const running = await listRunning(context, undefined);
  const file = { parts: ['running', context.tenant.id], at: running.readAt, subject: 'running' };
  return csvDownload(context, request, file, runningCsv(itemsOf(running), running.readAt));
});
