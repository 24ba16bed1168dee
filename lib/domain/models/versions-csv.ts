import { type CsvColumn, csvLines } from '../csv';
import type { ExportedVersion } from './verbs/export-versions';

const columns: readonly CsvColumn<ExportedVersion>[] = [
  { name: 'version', value: ({ model }) => model.version },
  { name: 'endpoint', value: ({ model }) => model.endpointName },
  { name: 'content_type', value: ({ model }) => model.contentType },
  { name: 'tested_at', value: ({ model }) => model.report.testedAt },
  { name: 'rows_1_ms', value: ({ model }) => model.report.latencyMs.rows1, decimals: 3 },
  { name: 'rows_100_ms', value: ({ model }) => model.report.latencyMs.rows100, decimals: 3 },
  { name: 'registered_by', value: ({ model }) => model.registeredBy },
  { name: 'registered_at', value: ({ model }) => model.registeredAt },
  { name: 'activated_by', value: ({ activation }) => activation?.by },
  { name: 'activated_at', value: ({ activation }) => activation?.at },
  { name: 'in_use', value: ({ inUse }) => (inUse ? 'yes' : 'no') },
];

/**
 * The list of versions as CSV. `activated_…` is the version's newest activation, empty when it was never activated; `in_use` is
 * `yes` or `no`.
 */
export const versionsCsv = (versions: AsyncIterable<ExportedVersion>): AsyncGenerator<string> =>
  csvLines(columns, versions);
