import { sharedReadiness } from '@/lib/server/readiness';
import { openRoute } from '@/lib/server/route';

/** Says whether the portal's stores respond, and which do not. */
export const GET = openRoute('for load balancers; names the parts, never why one fails', async () => {
  const { ready, parts } = await sharedReadiness();
  return Response.json({ status: ready ? 'ready' : 'not ready', parts }, { status: ready ? 200 : 503 });
});
