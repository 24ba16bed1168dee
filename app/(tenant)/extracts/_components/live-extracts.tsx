'use client';

import { Pager } from '@/components/data/pager';
import { whereIn } from '@/components/data/place';
import { useLive } from '@/components/live/use-live';
import type { ExtractsReading } from '../reading';
import { ExtractsTable } from './extracts-table';

/** One page of extracts, kept up to date. `query` is the page's own, such as `?before=…`. */
export function LiveExtracts({
  initial,
  query,
}: {
  readonly initial: ExtractsReading;
  readonly query: string;
}) {
  const { reading, polling } = useLive(initial, {
    href: `/extracts/status${query}`,
    pageHref: `/extracts${query}`,
  });
  const { lines, next, previous } = reading;
  return (
    <div className="space-y-3">
      <ExtractsTable lines={lines} />
      <Pager
        label="Pages of extracts"
        previous={previous ? { href: `/extracts?after=${previous}`, label: 'Newer' } : null}
        next={next ? { href: `/extracts?before=${next}`, label: 'Older' } : null}
      >
        {whereIn(null, lines.length, 'extract', 'newest first')}
      </Pager>
      {polling}
    </div>
  );
}
