import { openRoute } from '@/lib/server/route';

/**
 * Says that the portal can serve. It checks no dependency, so that a failing dependency does not get the portal
 * restarted.
 */
export const GET = openRoute('for load balancers; returns no details', async () =>
  Response.json({ status: 'ok' }),
);
