import type { OpenWorkbenchIndex } from '@/lib/domain/workbench/ports';
import { env } from '@/lib/env';
import { openPage } from '../core/open-index';
import { namesOf, openPartition } from './workbench-item';

/** The open requests of all tenants, longest unchanged first, from the index `open` with the portal's own role. */
export function openWorkbenchIndex(): OpenWorkbenchIndex {
  return {
    async open(page) {
      const index = {
        table: env().ANNEX_WORKBENCH_TABLE,
        partition: openPartition,
        doing: 'listing unfinished workbenches',
      };
      const { found, next } = await openPage(index, namesOf, page);
      return { requests: found, next };
    },
  };
}
