import { z } from 'zod';
import { tenantVerb } from '@/lib/domain/verb';
import { auditFilter, auditPage, queryOf } from '../schemas';

const input = z.object({ filter: auditFilter.default({}), page: auditPage.prefault({}) });

/**
 * One page of what everybody did in the tenant, newest first. Throws `forbidden`; `invalid` with the field at fault.
 */
export const listOwnAudit = tenantVerb('audit.view', input, (ctx, { filter, page }) =>
  ctx.ports.auditTrail.list(queryOf(filter, page)),
);
