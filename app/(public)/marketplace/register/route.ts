import { isOfAnother, openRoute, toOwnPages } from '@/lib/server/route';
import { seeOther } from '@/lib/server/see-other';

/** Where AWS Marketplace sends a buyer after the purchase. Its events tell the rest, so the token that comes with the form is not used. */
export const POST = openRoute('leads to a page that asks for a sign-in', async (request) =>
  (await isOfAnother(request)) ? toOwnPages() : seeOther('/subscriptions?from=aws'),
);
