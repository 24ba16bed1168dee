import { Cell, type Column, DataTable, RowHead, Unknown } from '@/components/data/table';
import { formatBytes, formatCount, formatDuration } from '@/components/format';
import { LocalTime } from '@/components/ui/local-time';
import type { ExtractLine } from '../reading';
import { StateLabel } from './state-label';
import { formatWords } from './words';

const columns = [
  { label: 'Extract' },
  { label: 'State' },
  { label: 'Rows', numeric: true },
  { label: 'Size', numeric: true },
  { label: 'Took', numeric: true },
  { label: 'Format' },
  { label: 'Requested' },
  { label: 'By' },
] as const satisfies readonly Column[];

/** One page of extracts. */
export function ExtractsTable({ lines }: { readonly lines: readonly ExtractLine[] }) {
  return (
    <DataTable label="Extracts" columns={columns}>
      {lines.map((line) => (
        <Row key={line.requestId} line={line} />
      ))}
    </DataTable>
  );
}

function Row({ line }: { readonly line: ExtractLine }) {
  const { requestId, label, state, stateWords, rows, bytes, length, format, requestedAt, by } = line;
  return (
    <tr>
      <RowHead>
        <a href={`/extracts/${requestId}`} className="row-link">
          {label}
        </a>
        <span className="block font-mono text-xs font-normal text-muted">…{requestId.slice(-8)}</span>
      </RowHead>
      <Cell>
        <StateLabel state={state} words={stateWords} />
      </Cell>
      <Cell numeric>{rows === null ? <Unknown why="No file" /> : formatCount(rows)}</Cell>
      <Cell numeric>{bytes === null ? <Unknown why="No file" /> : formatBytes(bytes)}</Cell>
      <Cell numeric>{length === null ? <Unknown why="Not started" /> : formatDuration(length)}</Cell>
      <Cell>{formatWords[format][0]}</Cell>
      <Cell>
        <LocalTime at={requestedAt} />
      </Cell>
      <Cell long>{by}</Cell>
    </tr>
  );
}
