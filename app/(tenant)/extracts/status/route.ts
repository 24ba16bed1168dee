import { listExtracts } from '@/lib/domain/extracts/verbs/list-extracts';
import { route } from '@/lib/server/route';
import { extractsReading } from '../reading';

/** The newest state of one page of extracts. */
export const GET = route({ action: listExtracts.action, scope: 'tenant' }, async (context, request) => {
  const before = request.nextUrl.searchParams.get('before') ?? undefined;
  return Response.json(extractsReading(await listExtracts(context, { before }), context.now()));
});
