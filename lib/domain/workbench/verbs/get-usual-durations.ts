import { nothing, tenantVerb } from '@/lib/domain/verb';

/** How long the steps of set-ups usually take. Throws `forbidden`, and what reading them throws. */
export const getUsualDurations = tenantVerb('workbench.view', nothing, (ctx) => ctx.ports.catalog.usual());
