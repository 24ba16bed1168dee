import { tenantVerb } from '@/lib/domain/verb';
import { listInput } from '../schemas';

const listingsPerPage = 50;

/** What is sold, by title, a page at `cursor`. Throws `forbidden`, and `invalid` for a cursor that is none. */
export const listMarket = tenantVerb('market.view', listInput, (ctx, { cursor }) =>
  ctx.ports.market.published({ cursor, limit: listingsPerPage }),
);
