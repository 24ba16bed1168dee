import { openRoute } from '@/lib/server/route';
import { seeOther } from '@/lib/server/see-other';

/** Where AWS Marketplace sends a buyer after the purchase. Its events tell the rest, so the token that comes with the form is not used. */
export const POST = openRoute(
  'leads to a page that asks for a sign-in',
  async () => new Response(null, seeOther('/subscriptions?from=aws')),
);
