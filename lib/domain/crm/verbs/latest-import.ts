import { nothing, tenantVerb } from '@/lib/domain/verb';

/** The tenant's import under way, or its last one; null before the first. Throws `forbidden`. */
export const latestImport = tenantVerb('orders.import', nothing, (ctx) => ctx.ports.orderImports.latest());
