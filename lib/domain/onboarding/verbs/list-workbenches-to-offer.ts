import { controlVerb, nothing } from '@/lib/domain/verb';

/** The variants of workbenches that a new tenant can be given. Throws `forbidden`, and what reaching the catalogue throws. */
export const listWorkbenchesToOffer = controlVerb('tenants.onboard', nothing, (ctx) =>
  ctx.ports.catalog.variants(),
);
