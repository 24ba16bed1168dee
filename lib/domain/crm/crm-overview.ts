import { nothing, tenantVerb } from '../verb';

/** Counts, risk distribution and state of the scores of the tenant's customers. Throws `forbidden`. */
export const crmOverview = tenantVerb('customers.list', nothing, (ctx) => ctx.ports.customers.overview());
