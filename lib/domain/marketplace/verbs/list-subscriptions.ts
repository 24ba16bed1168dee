import { tenantVerb } from '@/lib/domain/verb';
import { listInput } from '../schemas';

const subscriptionsPerPage = 50;

/** The own subscriptions, newest first, a page at `cursor`. Throws `forbidden`, and `invalid` for a cursor that is none. */
export const listSubscriptions = tenantVerb('subscriptions.view', listInput, (ctx, { cursor }) =>
  ctx.ports.subscriptions.list({ cursor, limit: subscriptionsPerPage }),
);
