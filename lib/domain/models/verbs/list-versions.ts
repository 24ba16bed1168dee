import { tenantVerb } from '@/lib/domain/verb';
import type { ModelVersion } from '../ports';
import { listVersionsInput } from '../schemas';

export interface VersionPage {
  readonly versions: readonly ModelVersion[];
  /** Rank of the first, from 1, among `total`; null on a page without versions. */
  readonly place: { readonly first: number; readonly total: number } | null;
  /** The `before` of the next page; null at the end. */
  readonly next: number | null;
  /** The `before` of the previous page; `first`: it is the one without. Null at the beginning. */
  readonly previous: number | 'first' | null;
}

/** The tenant's registered versions, newest first. Throws `forbidden`. */
export const listVersions = tenantVerb(
  'models.view',
  listVersionsInput,
  async (ctx, { before, limit }): Promise<VersionPage> => {
    const { models } = ctx.ports;
    const [found, newest] = await Promise.all([
      models.versions({ before, limit: limit + 1 }),
      before === undefined ? null : models.versions({ limit: 1 }),
    ]);
    const versions = found.slice(0, limit);
    const [first] = versions;
    // Versions count from 1 without gaps, and none is ever removed: the newest is their number.
    const total = (newest ?? found)[0]?.version ?? 0;
    return {
      versions,
      place: first ? { first: total - first.version + 1, total } : null,
      next: found.length > limit ? (versions.at(-1)?.version ?? null) : null,
      previous: first ? previousOf(first.version, total, limit) : null,
    };
  },
);

function previousOf(first: number, total: number, limit: number): VersionPage['previous'] {
  if (first === total) return null;
  return first + limit >= total ? 'first' : first + limit + 1;
}
