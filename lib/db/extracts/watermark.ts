import { AnnexError } from '@/lib/errors';
import { withTenant } from '../core/tenant-scope';

/**
 * Raises `tenantId`'s watermark on the primary and returns its position. A replica that shows this position, or a later one, has
 * everything that was committed before the call: a replica replays commits in order, and calls for one tenant wait for each other.
 */
export async function raiseWatermark(tenantId: string): Promise<bigint> {
  const rows = await withTenant(
    tenantId,
    (tx) => tx.$queryRaw<{ position: bigint }[]>`
      INSERT INTO crm.watermark AS w (tenant_id, position, raised_at)
      VALUES (${tenantId}, 1, date_trunc('milliseconds', clock_timestamp()))
      ON CONFLICT (tenant_id) DO UPDATE SET position = w.position + 1, raised_at = EXCLUDED.raised_at
      RETURNING position`,
  );
  const position = rows[0]?.position;
  if (position === undefined) throw new AnnexError('internal', 'The watermark was not raised.');
  return position;
}
