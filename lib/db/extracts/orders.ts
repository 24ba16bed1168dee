import type { ExtractOrders } from '@/lib/domain/extracts/ports';
import { AnnexError } from '@/lib/errors';
import { withTenant } from '../core/tenant-scope';

/**
 * Seals orders of extracts as `tenantId`, on the primary. Each raises the tenant's watermark. A replica that shows its position, or
 * a later one, has everything that was committed before the call: a replica replays commits in order, and calls for one tenant wait
 * for each other. The seal is a keyed hash of position and order; no role of the product can read its key.
 */
export function extractOrders(tenantId: string): ExtractOrders {
  return {
    async seal({ requestId, manifest }) {
      const [row] = await withTenant(
        tenantId,
        (tx) => tx.$queryRaw<{ position: bigint; seal: string }[]>`
          WITH raised AS (
            INSERT INTO crm.watermark AS w (tenant_id, position, raised_at)
            VALUES (${tenantId}, 1, date_trunc('milliseconds', clock_timestamp()))
            ON CONFLICT (tenant_id) DO UPDATE SET position = w.position + 1, raised_at = EXCLUDED.raised_at
            RETURNING position
          )
          SELECT position, crm.seal_order(position || ' ' || ${manifest}::text) AS seal FROM raised`,
      );
      if (!row) throw new AnnexError('internal', 'The watermark was not raised.');
      return { requestId, manifest, watermark: row.position, seal: row.seal };
    },
  };
}
