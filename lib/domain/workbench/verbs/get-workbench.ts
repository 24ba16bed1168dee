import { nothing, tenantVerb } from '@/lib/domain/verb';

/** The tenant's live workbench request; null when there is none. Throws `forbidden`. */
export const getWorkbench = tenantVerb('workbench.view', nothing, (ctx) => ctx.ports.workbenches.live());
