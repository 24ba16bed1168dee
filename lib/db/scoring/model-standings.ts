import { z } from 'zod';
import { type ModelStandings, scoringModes } from '@/lib/domain/scoring/ports';
import { readTenant } from '../core/tenant-scope';
import { Prisma } from '../generated/client';

interface Row {
  readonly version: number | null;
  readonly activatedAt: Date;
  readonly mode: string | null;
  readonly since: Date | null;
}

/** How the models of tenants stand, for administrators. Read as the tenant, two rows at most. */
export const modelStandings = (): ModelStandings => ({
  of: (tenantId) =>
    readTenant(tenantId, async (query) => {
      const [row] = await query<Row>(Prisma.sql`
        SELECT a.version, a.activated_at AS "activatedAt", s.mode, s.since
        FROM model_activation a LEFT JOIN scoring s ON s.tenant_id = a.tenant_id
        WHERE a.tenant_id = ${tenantId} ORDER BY a.number DESC LIMIT 1`);
      if (!row) return null;
      const { version, activatedAt, mode, since } = row;
      return { version, activatedAt, mode: z.enum(scoringModes).catch('default').parse(mode), since };
    }),
});
