import { z } from 'zod';
import { controlVerb } from '@/lib/domain/verb';
import type { AuditPage } from '../ports';
import { auditFilter, auditPage, queryOf } from '../schemas';
import { checkAdminSubject, forAdmins } from '../shown';

const input = z.object({
  filter: auditFilter.default({}),
  tenantId: z
    .string()
    .max(40)
    .regex(/^[a-z0-9](-?[a-z0-9])+$/, 'must be the id of a tenant, such as foo')
    .optional(),
  page: auditPage.prefault({}),
});

/**
 * One page of what everybody did in every tenant and across them, newest first, without what belongs to a tenant alone. Throws
 * `forbidden`; `invalid` with the field at fault.
 */
export const listAudit = controlVerb(
  'audit.list',
  input,
  async (ctx, { filter, tenantId, page }): Promise<AuditPage> => {
    checkAdminSubject(filter.subject);
    const { entries, ...links } = await ctx.ports.auditTrails.list({ ...queryOf(filter, page), tenantId });
    return { ...links, entries: entries.map(forAdmins) };
  },
);
