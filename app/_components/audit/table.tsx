'use client';

import { Cell, type Column, DataTable, RowHead, Unknown } from '@/components/data/table';
import { LocalTime } from '@/components/ui/local-time';
import { Status } from '@/components/ui/status';
import { type AuditLine, resultWords } from './lines';

const columns = [
  { label: 'Action' },
  { label: 'Time' },
  { label: 'Who' },
  { label: 'Target' },
  { label: 'Result' },
  { label: 'Details' },
] as const satisfies readonly Column[];
const withTenant = [...columns.slice(0, 3), { label: 'Tenant' }, ...columns.slice(3)];

/** One page of audit rows; `tenants` says of each which tenant’s it is. */
export function AuditTable({
  lines,
  tenants,
}: {
  readonly lines: readonly AuditLine[];
  readonly tenants: boolean;
}) {
  return (
    <DataTable label="Audit" columns={tenants ? withTenant : columns}>
      {lines.map((line) => (
        <Row key={line.id} line={line} tenants={tenants} />
      ))}
    </DataTable>
  );
}

function Row({ line, tenants }: { readonly line: AuditLine; readonly tenants: boolean }) {
  const { at, action, who, roles, tenant, subject, result, facts } = line;
  const { words, tone } = resultWords[result];
  return (
    <tr>
      <RowHead>{action}</RowHead>
      <Cell>
        <LocalTime at={at} style="second" />
      </Cell>
      <Cell long>
        <div className="min-w-44">
          {who}
          {roles === '' ? null : <span className="block text-xs text-muted">{roles}</span>}
        </div>
      </Cell>
      {tenants ? <Cell>{tenant ?? <Unknown why="Of no tenant" />}</Cell> : null}
      <Cell long>
        <span className="font-mono text-xs">{subject}</span>
      </Cell>
      <Cell>
        <Status tone={tone}>{words}</Status>
      </Cell>
      <Cell long>
        <details>
          <summary className="text-xs text-muted underline decoration-edge underline-offset-4">
            Details<span className="sr-only"> of {action}</span>
          </summary>
          <dl className="mt-2 space-y-1.5 text-xs">
            {facts.map(({ name, value }) => (
              <div key={name}>
                <dt className="text-muted">{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      </Cell>
    </tr>
  );
}
