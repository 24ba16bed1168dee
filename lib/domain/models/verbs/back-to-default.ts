import { nothing, tenantVerb } from '@/lib/domain/verb';
import { makeActive } from '../make-active';

/** Makes the built-in model the source of scores. Works without the tenant's account. Throws `forbidden`. */
export const backToDefault = tenantVerb('models.activate', nothing, (ctx) => makeActive(ctx, null));
