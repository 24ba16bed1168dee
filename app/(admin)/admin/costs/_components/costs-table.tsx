'use client';

import { sortingColumn } from '@/components/data/sorting-column';
import { Cell, type Column, DataTable, RowHead, Unknown } from '@/components/data/table';
import { formatShare, formatUnits, formatUsd, formatUsdRate } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import type { CostSort, CostTotals, TenantCost } from '@/lib/domain/costs/ports';
import { usualDirection } from '@/lib/domain/costs/schemas';
import { tenantHref } from '../../tenants/words';
import { type CostsView, viewHref } from '../view';

interface Props {
  readonly costs: readonly TenantCost[];
  readonly totals: CostTotals;
  readonly view: CostsView;
  /** Why there is no figure of the bill: it was not read, or has nothing. */
  readonly unbilled: string;
  readonly months: { readonly current: string; readonly before: string };
}

/** One page of what tenants cost, and the sums over all pages. */
export function CostsTable({ costs, totals, view, unbilled, months }: Props) {
  return (
    <DataTable
      label="Costs by tenant"
      columns={[
        sortColumn(view, 'name', 'Tenant'),
        sortColumn(view, 'bill', months.current),
        sortColumn(view, 'before', months.before),
        sortColumn(view, 'rate', 'An hour'),
        sortColumn(view, 'spent', 'Measured'),
        { label: 'Of the budget', numeric: true },
        { label: 'Measured until' },
      ]}
    >
      {costs.map((cost) => (
        <Row key={cost.id} cost={cost} unbilled={unbilled} />
      ))}
      <tr className="font-semibold">
        <RowHead>All {formatUnits(totals.tenants, 'tenant')}</RowHead>
        <Usd usd={totals.bill} why={unbilled} />
        <Usd usd={totals.before} why={unbilled} />
        <Usd usd={totals.rate} why="Not measured yet" format={formatUsdRate} />
        <Usd usd={totals.spent} why="Not measured yet" />
        <Cell numeric>
          <Unknown why="Each tenant has its own budget" />
        </Cell>
        <Cell>
          <Unknown why="Each tenant is measured by itself" />
        </Cell>
      </tr>
    </DataTable>
  );
}

function Row({ cost, unbilled }: { readonly cost: TenantCost; readonly unbilled: string }) {
  const { id, name, accountId, bill, before, rate, spent, budget, measuredAt, failingSince } = cost;
  const noBill = accountId === null ? 'No account yet' : unbilled;
  const notMeasured = accountId === null ? 'No account yet' : 'Not measured yet';
  return (
    <tr>
      <RowHead>
        <a href={tenantHref(id)} className="row-link block max-w-64 [overflow-wrap:anywhere]">
          {name}
        </a>
        <span className="block font-mono text-xs font-normal text-muted">{id}</span>
      </RowHead>
      <Usd usd={bill} why={noBill} />
      <Usd usd={before} why={noBill} />
      <Usd usd={rate} why={notMeasured} format={formatUsdRate} />
      <Usd usd={spent} why={notMeasured} />
      <Cell numeric>
        <Share spent={spent} budget={budget} />
      </Cell>
      <Cell>
        {measuredAt ? <Instant at={measuredAt} /> : <Unknown why={notMeasured} />}
        {failingSince ? (
          <span className="block text-xs">
            <Status tone="failed">
              Failing since <Instant at={failingSince} />
            </Status>
          </span>
        ) : null}
      </Cell>
    </tr>
  );
}

function Usd({
  usd,
  why,
  format = formatUsd,
}: {
  readonly usd: number | null;
  readonly why: string;
  readonly format?: (usd: number) => string;
}) {
  return <Cell numeric>{usd === null ? <Unknown why={why} /> : format(usd)}</Cell>;
}

function Share({ spent, budget }: { readonly spent: number | null; readonly budget: number | null }) {
  if (budget === null) return <Unknown why="The plan has no budget" />;
  if (spent === null) return <Unknown why="Not measured yet" />;
  const share = spent / budget;
  const words = `${formatShare(share)} of ${formatUsd(budget)}`;
  if (share < 0.8) return words;
  return <Status tone={share < 1 ? 'warning' : 'failed'}>{words}</Status>;
}

function sortColumn(view: CostsView, sort: CostSort, label: string): Column {
  return sortingColumn({
    label,
    numeric: sort !== 'name',
    sorted: view.sort === sort ? view.direction : undefined,
    usually: usualDirection[sort],
    hrefOf: (direction) => viewHref({ ...view, sort, direction, cursor: undefined }),
  });
}
