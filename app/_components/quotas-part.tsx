import type { ReactNode } from 'react';
import { Cell, DataTable, RowHead, Unknown } from '@/components/data/table';
import { formatCount } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import { type CountedUse, countedUses, type Quotas, type Use } from '@/lib/domain/quotas/ports';

const names: Readonly<Record<CountedUse, { readonly name: string; readonly about: string }>> = {
  people: { name: 'People', about: 'users, those who were invited included' },
  extractsPerDay: { name: 'Extracts today', about: 'submitted since 00:00 UTC' },
  runsAtOnce: { name: 'Runs at once', about: 'extracts that are being written; others wait' },
  endpoints: { name: 'Endpoints', about: 'activated here, and still there' },
};

const brakes = {
  warn: 'owners are warned at 80% and 100%',
  stop: 'owners are warned at 80%; at 100%, nothing further is started and apps are stopped',
} as const;

/** A tenant's plan beside what it uses. `nameOfPlan` may be a link. */
export function QuotasPart({
  quotas,
  nameOfPlan,
  children,
}: {
  readonly quotas: Quotas;
  readonly nameOfPlan?: ReactNode;
  readonly children?: ReactNode;
}) {
  const { plan, uses, at } = quotas;
  return (
    <section aria-labelledby="quotas" className="space-y-3">
      <h2 id="quotas" className="text-lg">
        Plan and quotas
      </h2>
      <p className="max-w-3xl text-sm text-muted">
        The plan is {nameOfPlan ?? plan.name}, version {plan.version}. Use as of{' '}
        <Instant at={at} style="second" />.
      </p>
      <DataTable
        label="Quotas"
        columns={[
          { label: 'What' },
          { label: 'In use', numeric: true },
          { label: 'Plan allows', numeric: true },
          { label: 'State' },
        ]}
      >
        {countedUses.map((limit) => (
          <Row key={limit} {...names[limit]} use={<Count use={uses[limit]} />} allowed={plan.limits[limit]}>
            <Standing use={uses[limit]} allowed={plan.limits[limit]} limit={limit} />
          </Row>
        ))}
        <WorkbenchRow quotas={quotas} />
        <BudgetRow quotas={quotas} />
      </DataTable>
      {children}
    </section>
  );
}

function Row({
  name,
  about,
  use,
  allowed,
  children,
}: {
  readonly name: string;
  readonly about: string;
  readonly use: ReactNode;
  readonly allowed: number | null | string;
  readonly children: ReactNode;
}) {
  return (
    <tr>
      <RowHead>
        {name}
        <span className="block text-xs font-normal text-muted">{about}</span>
      </RowHead>
      <Cell numeric>{use}</Cell>
      <Cell numeric>
        {allowed === null ? 'No limit' : typeof allowed === 'string' ? allowed : formatCount(allowed)}
      </Cell>
      <Cell long>
        <div>{children}</div>
      </Cell>
    </tr>
  );
}

const Count = ({ use }: { readonly use: Use }) =>
  'count' in use ? formatCount(use.count) : <Unknown why="Could not be counted" />;

function Standing({
  use,
  allowed,
  limit,
}: {
  readonly use: Use;
  readonly allowed: number | null;
  readonly limit: CountedUse;
}) {
  if ('refusal' in use) return <Status tone="failed">{use.refusal}</Status>;
  if (allowed === null || use.count < allowed) return <Status tone="done">Within the plan</Status>;
  if (limit === 'runsAtOnce') return <Status tone="running">All taken: others wait</Status>;
  return use.count === allowed ? (
    <Status tone="warning">Used up: further ones are refused</Status>
  ) : (
    <Status tone="warning">Over the plan: kept, and further ones are refused</Status>
  );
}

function WorkbenchRow({ quotas: { plan, variants, variant, variantRefusal } }: { readonly quotas: Quotas }) {
  const isIncluded = variant === null || (plan.limits.variants?.includes(variant.id) ?? true);
  return (
    <Row
      name="Workbench"
      about="what may be requested"
      use={variant?.name ?? <Unknown why={variantRefusal ? 'Could not be read' : 'None requested'} />}
      allowed={variants === null ? 'All' : variants.join(', ')}
    >
      {variantRefusal ? (
        <Status tone="failed">{variantRefusal}</Status>
      ) : isIncluded ? (
        <Status tone="done">Within the plan</Status>
      ) : (
        <Status tone="warning">Not in the plan: kept</Status>
      )}
    </Row>
  );
}

function BudgetRow({ quotas: { plan } }: { readonly quotas: Quotas }) {
  const { monthlyBudgetUsd: budget, budgetBrake } = plan.limits;
  return (
    <Row
      name="Monthly budget"
      about="what the AWS account may cost"
      use={<Unknown why="Costs are shown elsewhere" />}
      allowed={budget === null ? null : `$${formatCount(budget)}`}
    >
      <span className="text-sm text-muted">
        {budget === null ? 'Nobody is warned' : `When it is used up, ${brakes[budgetBrake]}`}
      </span>
    </Row>
  );
}
