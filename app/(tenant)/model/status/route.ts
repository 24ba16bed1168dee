import { listEndpoints } from '@/lib/domain/models/verbs/list-endpoints';
import { AnnexError } from '@/lib/errors';
import { route } from '@/lib/server/route';
import { endpointsReading } from '../endpoints-reading';
import { readModelView } from '../view';

/** The newest statuses of one page of endpoints. */
export const GET = route({ action: listEndpoints.action, scope: 'tenant' }, async (context, request) => {
  const { after } = readModelView(Object.fromEntries(request.nextUrl.searchParams));
  const list = await listEndpoints(context, { after });
  if (list.state !== 'listed') throw new AnnexError('not_found', 'No workbench yet.');
  return Response.json(endpointsReading(list.endpoints, context.now()));
});
