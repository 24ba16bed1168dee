import { csvText } from '../csv';
import type { ExportedVersion } from './verbs/export-versions';

const columns = [
  'version',
  'endpoint',
  'content_type',
  'tested_at',
  'rows_1_ms',
  'rows_100_ms',
  'registered_by',
  'registered_at',
  'activated_by',
  'activated_at',
  'in_use',
] as const;

/**
 * RFC 4180 text of the list of versions, header first. `activated_…` is the last time that it was put into use, empty when it
 * never was; `in_use` is `yes` or `no`; instants are ISO 8601, UTC.
 */
export async function* versionsCsv(pages: AsyncIterable<readonly ExportedVersion[]>): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`;
  for await (const versions of pages) {
    if (versions.length > 0) yield versions.map((version) => `${line(version)}\r\n`).join('');
  }
}

/** To a thousandth. */
const rounded = (ms: number | null): number | null => (ms === null ? null : Number(ms.toFixed(3)));

function line({ model, activation, inUse }: ExportedVersion): string {
  const { latencyMs, testedAt } = model.report;
  const values: Record<(typeof columns)[number], string | number | null> = {
    version: model.version,
    endpoint: model.endpointName,
    content_type: model.contentType,
    tested_at: testedAt.toISOString(),
    rows_1_ms: rounded(latencyMs.rows1),
    rows_100_ms: rounded(latencyMs.rows100),
    registered_by: model.registeredBy,
    registered_at: model.registeredAt.toISOString(),
    activated_by: activation?.by ?? null,
    activated_at: activation?.at.toISOString() ?? null,
    in_use: inUse ? 'yes' : 'no',
  };
  return columns
    .map((name) => {
      const value = values[name];
      return typeof value === 'number' ? String(value) : csvText(value ?? '');
    })
    .join(',');
}
