import { tenantBucket } from '@/lib/aws/core/tenant-bucket';
import { env } from '@/lib/env';

/** A tenant's workbench: its region, and its bucket once there is an account. */
export const workbenchPlace = (
  tenantId: string,
  accountId: string | null,
): { readonly region: string; readonly bucket: string | null } => ({
  region: env().AWS_REGION,
  bucket: accountId === null ? null : tenantBucket(tenantId, accountId),
});

/** How long Studio stays open after a launch, whatever becomes of the session in Annex: `60 minutes`. */
export const studioSessionWords = (): string =>
  `${Math.ceil(env().ANNEX_STUDIO_SESSION_SECONDS / 60)} minutes`;
