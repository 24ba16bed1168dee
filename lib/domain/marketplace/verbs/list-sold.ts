import { sellerVerb } from '@/lib/domain/verb';
import { listInput } from '../schemas';

const subscriptionsPerPage = 50;

/** Who subscribed to the own listings, newest first, a page at `cursor`. Throws `forbidden`, and `invalid` for a cursor that is none. */
export const listSold = sellerVerb('sold.view', listInput, (ctx, { cursor }) =>
  ctx.ports.sold.list({ cursor, limit: subscriptionsPerPage }),
);
