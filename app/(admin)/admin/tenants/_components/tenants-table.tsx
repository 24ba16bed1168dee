'use client';

import { sortingColumn } from '@/components/data/sorting-column';
import { Cell, type Column, DataTable, RowHead, Unknown } from '@/components/data/table';
import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import type { ListedTenant, TenantSort } from '@/lib/domain/tenants/ports';
import { usualDirection } from '@/lib/domain/tenants/schemas';
import { titleOfLink } from '../../../../_components/doctor/words';
import { type TenantsView, viewHref } from '../view';
import { tenantHref, tenantStateWords } from '../words';

/** One page of tenants; two of the headings are links that sort the list. */
export function TenantsTable({
  tenants,
  view,
}: {
  readonly tenants: readonly ListedTenant[];
  readonly view: TenantsView;
}) {
  return (
    <DataTable
      label="Tenants"
      columns={[
        sortColumn(view, 'name', 'Tenant'),
        { label: 'State' },
        { label: 'Plan' },
        { label: 'Health' },
        { label: 'AWS account' },
        sortColumn(view, 'since', 'Since'),
      ]}
    >
      {tenants.map(({ id, name, state, plan, health, accountId, createdAt }) => (
        <tr key={id}>
          <RowHead>
            <a href={tenantHref(id)} className="row-link block max-w-64 [overflow-wrap:anywhere]">
              {name}
            </a>
            <span className="block font-mono text-xs font-normal text-muted">{id}</span>
          </RowHead>
          <Cell>
            <Status tone={tenantStateWords[state].tone}>{tenantStateWords[state].words}</Status>
          </Cell>
          <Cell long>{plan.name}</Cell>
          <Cell long>
            {health ? (
              <Status tone={health.failing === null ? 'done' : 'failed'}>
                {health.failing === null ? 'Ok' : titleOfLink(health.failing)}
              </Status>
            ) : (
              <Unknown why="The doctor never looked" />
            )}
          </Cell>
          <Cell>
            {accountId ? <span className="figures">{accountId}</span> : <Unknown why="No account yet" />}
          </Cell>
          <Cell>
            <Instant at={createdAt} style="date" />
          </Cell>
        </tr>
      ))}
    </DataTable>
  );
}

function sortColumn(view: TenantsView, sort: TenantSort, label: string): Column {
  return sortingColumn({
    label,
    sorted: view.sort === sort ? view.direction : undefined,
    usually: usualDirection[sort],
    hrefOf: (direction) => viewHref({ ...view, sort, direction, cursor: undefined }),
  });
}
