import type { ExtractLoad, OpenExtractIndex } from '@/lib/domain/extracts/ports';
import { env } from '@/lib/env';
import { openPage, queryOpen } from '../core/open-index';
import { namesOf, openPartitions } from './extract-item';

const index = (state: keyof typeof openPartitions) => ({
  table: env().ANNEX_EXTRACTS_TABLE,
  partition: openPartitions[state],
  doing: 'listing unfinished extracts',
});

/** All tenants' open extracts, the longest untouched first, by the index `open` and the portal's own role. */
export function openExtractIndex(): OpenExtractIndex {
  return {
    async open({ state, ...page }) {
      const { found, next } = await openPage(index(state), namesOf, page);
      return { extracts: found, next };
    },
  };
}

/** How many extracts of all tenants are running: counted in the same index, and nothing else is read of them. */
export function extractLoad(): ExtractLoad {
  return {
    async running() {
      let count = 0;
      let after: Record<string, unknown> | undefined;
      do {
        const answer = await queryOpen(index('running'), {
          Select: 'COUNT',
          ...(after === undefined ? {} : { ExclusiveStartKey: after }),
        });
        count += answer.Count ?? 0;
        after = answer.LastEvaluatedKey;
      } while (after !== undefined);
      return count;
    },
  };
}
