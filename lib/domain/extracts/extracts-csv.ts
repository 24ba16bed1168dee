import { type CsvColumn, csvLines } from '../csv';
import type { Extract } from './ports';

const columns: readonly CsvColumn<Extract>[] = [
  { name: 'extract_id', value: ({ requestId }) => requestId },
  { name: 'dataset', value: ({ dataset }) => dataset },
  { name: 'format', value: ({ format }) => format },
  { name: 'state', value: ({ state }) => state },
  { name: 'attempt', value: ({ attempt }) => attempt },
  { name: 'requested_by', value: ({ requestedBy }) => requestedBy.name },
  { name: 'requested_at', value: ({ requestedAt }) => requestedAt },
  { name: 'started_at', value: ({ runId, startedAt }) => (runId === null ? null : startedAt) },
  { name: 'finished_at', value: ({ finishedAt }) => finishedAt },
  { name: 'rows', value: ({ file }) => file?.rows },
  { name: 'bytes', value: ({ file }) => file?.bytes },
  { name: 'as_of', value: ({ asOf }) => asOf },
  { name: 'policy_version', value: ({ policyVersion }) => policyVersion },
  { name: 'columns', value: ({ columns: chosen }) => chosen.map(columnText).join('; ') },
  { name: 'sha256', value: ({ file }) => file?.sha256 },
  { name: 'reason', value: ({ reason }) => reason },
];

/** `email (hash)` */
const columnText = ({ name, mask }: Extract['columns'][number]): string =>
  mask === 'none' ? name : `${name} (${mask})`;

/** The list of extracts as CSV. */
export const extractsCsv = (extracts: AsyncIterable<Extract>): AsyncGenerator<string> =>
  csvLines(columns, extracts);
