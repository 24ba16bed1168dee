import { z } from 'zod';
import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import type { ChainVerdict } from '../ports';

const input = z.object({ tenantId: z.string().min(1).max(40).optional() });

/**
 * Whether the audit rows of `tenantId`, or of every chain, are as they were written: a verdict per chain, as each is read. Throws
 * `not_found` for an unknown tenant.
 */
export const verifyAudit = controlVerb(
  'audit.verify',
  input,
  async (ctx, { tenantId }): Promise<AsyncIterable<ChainVerdict>> => {
    const { auditChains, tenants } = ctx.ports;
    if (tenantId !== undefined && !(await tenants.get(tenantId))) {
      throw new AnnexError('not_found', `Tenant ${tenantId} does not exist.`);
    }
    const chains = tenantId === undefined ? await auditChains.names() : [tenantId];
    return (async function* () {
      for (const chain of chains) yield await auditChains.verify(chain);
    })();
  },
);
