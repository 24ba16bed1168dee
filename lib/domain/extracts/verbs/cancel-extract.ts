import { tenantVerb } from '@/lib/domain/verb';
import { cancel } from '../cancel';
import { extractInput } from '../schemas';

/** Cancels an extract and returns it (`cancel`). Throws `forbidden`, `not_found`. */
export const cancelExtract = tenantVerb('extracts.cancel', extractInput, (ctx, { requestId }) =>
  cancel(ctx, requestId),
);
