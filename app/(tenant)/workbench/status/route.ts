import { getWorkbench } from '@/lib/domain/workbench/verbs/get-workbench';
import { AnnexError } from '@/lib/errors';
import { route } from '@/lib/server/route';
import { progressOf } from '../_components/progress';
import { usualOrNull } from '../usual-or-null';

/** The progress of the tenant's workbench. */
export const GET = route({ action: getWorkbench.action, scope: 'tenant' }, async (context) => {
  const request = await getWorkbench(context, undefined);
  if (!request) throw new AnnexError('not_found', 'No workbench yet.');
  return Response.json(progressOf(request, context.now(), await usualOrNull(context)));
});
