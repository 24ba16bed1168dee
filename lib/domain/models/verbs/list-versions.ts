import { tenantVerb } from '@/lib/domain/verb';
import type { ModelVersion } from '../ports';
import { listVersionsInput } from '../schemas';

export interface VersionPage {
  readonly versions: readonly ModelVersion[];
  /** The `before` of the next page; null at the end. */
  readonly next: number | null;
}

/** The tenant's registered versions, newest first. Throws `forbidden`. */
export const listVersions = tenantVerb(
  'models.view',
  listVersionsInput,
  async (ctx, { before, limit }): Promise<VersionPage> => {
    const found = await ctx.ports.models.versions({ before, limit: limit + 1 });
    const versions = found.slice(0, limit);
    return { versions, next: found.length > limit ? (versions.at(-1)?.version ?? null) : null };
  },
);
