import type { ExtractLoad, OpenExtractIndex } from '@/lib/domain/extracts/ports';
import { env } from '@/lib/env';
import { countOpen, openPage } from '../core/open-index';
import { namesOf, openPartitions } from './extract-item';

const index = (state: keyof typeof openPartitions) => ({
  table: env().ANNEX_EXTRACTS_TABLE,
  partition: openPartitions[state],
  doing: 'listing unfinished extracts',
});

/** The open extracts of all tenants, longest unchanged first, from the index `open` with the portal's own role. */
export function openExtractIndex(): OpenExtractIndex {
  return {
    async open({ state, ...page }) {
      const { found, next } = await openPage(index(state), namesOf, page);
      return { extracts: found, next };
    },
  };
}

/** Counts the running extracts of all tenants in the same index. Reads nothing else of them. */
export function extractLoad(): ExtractLoad {
  return { running: () => countOpen(index('running')) };
}
