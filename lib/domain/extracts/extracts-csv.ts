import { csvText } from '../csv';
import type { Extract } from './ports';

const columns = [
  'extract_id',
  'dataset',
  'format',
  'state',
  'attempt',
  'requested_by',
  'requested_at',
  'started_at',
  'finished_at',
  'rows',
  'bytes',
  'as_of',
  'policy_version',
  'columns',
  'sha256',
  'reason',
] as const;

/** RFC 4180 text of the list of extracts, header first. What is not known stays empty; instants are ISO 8601, UTC. */
export async function* extractsCsv(pages: AsyncIterable<readonly Extract[]>): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`;
  for await (const extracts of pages) {
    if (extracts.length > 0) yield extracts.map((extract) => `${line(extract)}\r\n`).join('');
  }
}

function line(extract: Extract): string {
  const { file } = extract;
  const values: Record<(typeof columns)[number], string | number | undefined> = {
    extract_id: extract.requestId,
    dataset: extract.dataset,
    format: extract.format,
    state: extract.state,
    attempt: extract.attempt,
    requested_by: extract.requestedBy,
    requested_at: extract.requestedAt.toISOString(),
    started_at: extract.runId === null ? undefined : extract.startedAt?.toISOString(),
    finished_at: extract.finishedAt?.toISOString(),
    rows: file?.rows,
    bytes: file?.bytes,
    as_of: extract.asOf?.toISOString(),
    policy_version: extract.policyVersion,
    columns: extract.columns
      .map(({ name, mask }) => (mask === 'none' ? name : `${name} (${mask})`))
      .join('; '),
    sha256: file?.sha256,
    reason: extract.reason ?? undefined,
  };
  return columns
    .map((name) => {
      const value = values[name];
      return typeof value === 'number' ? String(value) : csvText(value ?? '');
    })
    .join(',');
}
