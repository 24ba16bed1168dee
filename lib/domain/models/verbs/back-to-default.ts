import { nothing, tenantVerb } from '@/lib/domain/verb';
import { makeActive } from '../make-active';

/** Makes the statistical default what scores come from. Needs nothing of the tenant's account. Throws `forbidden`. */
export const backToDefault = tenantVerb('models.activate', nothing, (ctx) => makeActive(ctx, null));
