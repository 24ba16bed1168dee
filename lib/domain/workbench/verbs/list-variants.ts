import { nothing, tenantVerb } from '@/lib/domain/verb';

/** The workbench variants that people can request. Throws `forbidden`, and what reaching the catalogue throws. */
export const listVariants = tenantVerb('workbench.view', nothing, (ctx) => ctx.ports.catalog.variants());
