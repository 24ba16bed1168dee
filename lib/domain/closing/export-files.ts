import { auditCsv } from '../audit/audit-csv';
import type { AuditEntry } from '../audit/ports';
import type { TenantContext } from '../context';
import { customerColumns } from '../crm/customers-csv';
import { type CsvColumn, csvLines } from '../csv';
import { everyRow } from '../cursor';
import type { TenantPerson } from '../people/ports';
import type { ExportedRow } from './ports';

/** What an owner can export: all that the tenant has in the database of Annex. */
export const exportFiles = ['customers', 'orders', 'tickets', 'people', 'audit'] as const;
export type ExportFile = (typeof exportFiles)[number];

const columnsOf = (...names: readonly string[]): readonly CsvColumn<ExportedRow>[] =>
  names.map((name) => ({ name, value: (row) => row[name] }));

const orderColumns = columnsOf('customer_id', 'ordered_at', 'quantity', 'amount');
const ticketColumns = columnsOf('ticket_id', 'customer_id', 'opened_at', 'subject');

const personColumns: readonly CsvColumn<TenantPerson>[] = [
  { name: 'email', value: ({ email }) => email },
  { name: 'roles', value: ({ roles }) => roles.join(' ') },
  { name: 'last_seen_at', value: ({ lastSeenAt }) => lastSeenAt },
];

const pageSize = 200;

/** The file as CSV, in chunks. */
export function exportedFile(ctx: TenantContext, file: ExportFile): AsyncGenerator<string> {
  const { customers, rows, people, auditTrail } = ctx.ports;
  switch (file) {
    case 'customers':
      return csvLines(
        [
          ...customerColumns.slice(0, 1),
          { name: 'name', value: ({ name }) => name },
          { name: 'email', value: ({ email }) => email },
          ...customerColumns.slice(1),
        ],
        customers.export({ sort: 'id', direction: 'asc' }),
      );
    case 'orders':
      return csvLines(orderColumns, rows.every('orders'));
    case 'tickets':
      return csvLines(ticketColumns, rows.every('tickets'));
    case 'people':
      return csvLines(
        personColumns,
        everyRow(
          (cursor) => people.list({ cursor, limit: pageSize }),
          (page) => page.people,
        ),
      );
    case 'audit':
      return auditCsv(
        everyRow(
          (cursor) => auditTrail.list({ cursor, limit: pageSize }),
          (page): readonly AuditEntry[] => page.entries,
        ),
      );
  }
}
