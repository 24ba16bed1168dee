import { listExtracts } from '@/lib/domain/extracts/verbs/list-extracts';
import { route } from '@/lib/server/route';
import { readPage } from '../page-of-list';
import { extractsReading } from '../reading';

/** The newest state of one page of extracts. */
export const GET = route({ action: listExtracts.action, scope: 'tenant' }, async (context, request) => {
  const page = readPage(request.nextUrl.searchParams);
  return Response.json(extractsReading(await listExtracts(context, page), context.now()));
});
