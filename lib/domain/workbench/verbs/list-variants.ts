import { nothing, tenantVerb } from '@/lib/domain/verb';

/** The workbench variants that can be requested. Throws `forbidden`, and what reaching the catalogue may throw. */
export const listVariants = tenantVerb('workbench.view', nothing, (ctx) => ctx.ports.catalog.variants());
