import { type CsvColumn, csvLines } from '../csv';
import { wordsOfAction } from './actions';
import type { AuditEntry, AuditValues } from './ports';

const json = (values: AuditValues | null): string | null =>
  values === null || Object.keys(values).length === 0 ? null : JSON.stringify(values);

const columns: readonly CsvColumn<AuditEntry>[] = [
  { name: 'at', value: ({ at }) => at },
  { name: 'actor', value: ({ actorName }) => actorName },
  { name: 'roles', value: ({ roles }) => roles.join(' ') },
  { name: 'tenant_id', value: ({ tenantId }) => tenantId },
  { name: 'action', value: ({ action }) => action },
  { name: 'action_in_words', value: ({ action }) => wordsOfAction(action) },
  { name: 'subject', value: ({ subject }) => subject },
  { name: 'result', value: ({ result }) => result },
  { name: 'detail', value: ({ detail }) => json(detail) },
  { name: 'before', value: ({ before }) => json(before) },
  { name: 'after', value: ({ after }) => json(after) },
  { name: 'request_id', value: ({ requestId }) => requestId },
  { name: 'id', value: ({ id }) => id },
];

/** Audit rows as CSV. */
export const auditCsv = (entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> =>
  csvLines(columns, entries);
