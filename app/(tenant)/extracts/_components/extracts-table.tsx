import Link from 'next/link';
import { Cell, DataTable, HeadCell, RowHead, Unknown } from '@/components/data/table';
import { formatBytes, formatCount, formatDuration } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import { datasets } from '@/lib/domain/extracts/datasets';
import type { Extract } from '@/lib/domain/extracts/ports';
import { StateLabel } from './state-label';
import { formatWords, lengthOf } from './words';

/** One page of extracts. */
export function ExtractsTable({
  extracts,
  now,
}: {
  readonly extracts: readonly Extract[];
  readonly now: Date;
}) {
  return (
    <DataTable
      label="Extracts"
      head={
        <>
          <HeadCell sticky>Extract</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell numeric>Rows</HeadCell>
          <HeadCell numeric>Size</HeadCell>
          <HeadCell numeric>Took</HeadCell>
          <HeadCell>Format</HeadCell>
          <HeadCell>Requested</HeadCell>
          <HeadCell>By</HeadCell>
        </>
      }
    >
      {extracts.map((extract) => (
        <Row key={extract.requestId} extract={extract} now={now} />
      ))}
    </DataTable>
  );
}

function Row({ extract, now }: { readonly extract: Extract; readonly now: Date }) {
  const { requestId, dataset, format, file, requestedAt, requestedBy } = extract;
  const length = lengthOf(extract, now);
  return (
    <tr className="hover:bg-sunk">
      <RowHead>
        <Link href={`/extracts/${requestId}`} prefetch={false} className="row-link">
          {datasets[dataset].label}
        </Link>
        <span className="block font-mono text-xs font-normal text-muted">…{requestId.slice(-8)}</span>
      </RowHead>
      <Cell>
        <StateLabel extract={extract} />
      </Cell>
      <Cell numeric>{file ? formatCount(file.rows) : <Unknown why="No file" />}</Cell>
      <Cell numeric>{file ? formatBytes(file.bytes) : <Unknown why="No file" />}</Cell>
      <Cell numeric>{length === null ? <Unknown why="Not started" /> : formatDuration(length)}</Cell>
      <Cell>{formatWords[format][0]}</Cell>
      <Cell>
        <Instant at={requestedAt} />
      </Cell>
      <Cell>{requestedBy.name}</Cell>
    </tr>
  );
}
