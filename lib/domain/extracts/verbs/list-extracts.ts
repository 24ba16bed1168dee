import { tenantVerb } from '@/lib/domain/verb';
import { listExtractsInput } from '../schemas';

/** One page of the tenant's extracts, newest first. Throws `forbidden`. */
export const listExtracts = tenantVerb('extracts.list', listExtractsInput, (ctx, page) =>
  ctx.ports.extracts.store.list(page),
);
