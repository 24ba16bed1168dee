import Link from 'next/link';
import { Cell, DataTable, RowHead, Unknown } from '@/components/data/table';
import { formatCount, formatUnits } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import type { ControlContext } from '@/lib/domain/context';
import { type ListedPolicy, listPolicies } from '@/lib/domain/policies/verbs/list-policies';
import { metadataOf, pageContext } from '@/lib/server/page';
import { Deferred } from '../../../_components/deferred';
import { policyHref } from './fields';
import { policiesPage } from './page-info';

export const generateMetadata = metadataOf(policiesPage);

export default async function PoliciesPage() {
  const context = await pageContext(policiesPage);
  return (
    <>
      <PageHeader title={policiesPage.title}>
        What may leave the CRM in an extract, and in which form: a standard for every tenant, and overrides
        for single tenants.
      </PageHeader>
      <Deferred context={context} fallback={<PoliciesSkeleton />} load={() => loadPolicies(context)} />
    </>
  );
}

async function loadPolicies(context: ControlContext) {
  const policies = await listPolicies(context, undefined);
  return (
    <DataTable
      label="Policies"
      columns={[
        { label: 'Dataset' },
        { label: 'Standard in force' },
        { label: 'Columns' },
        { label: 'Row limit', numeric: true },
        { label: 'Overrides', numeric: true },
        { label: 'Scheduled', numeric: true },
      ]}
    >
      {policies.map((policy) => (
        <PolicyRow key={policy.dataset.name} policy={policy} />
      ))}
    </DataTable>
  );
}

function PolicyRow({ policy }: { readonly policy: ListedPolicy }) {
  const { dataset, standard, overrides, scheduled, out, masked, undecided } = policy;
  const rowLimit = standard?.content?.rowLimit ?? null;
  return (
    <tr>
      <RowHead>
        <Link href={policyHref({ dataset: dataset.name })} prefetch={false} className="row-link link">
          {dataset.label}
        </Link>
        <span className="block font-mono text-xs font-normal text-muted">{dataset.name}</span>
      </RowHead>
      <Cell>
        {standard ? (
          <div>
            Version {standard.version}
            <span className="block text-xs text-muted">
              since <Instant at={standard.effectiveAt} style="date" />
            </span>
          </div>
        ) : (
          <Status tone="warning">None: nothing leaves</Status>
        )}
      </Cell>
      <Cell>
        <div>
          {out} of {formatUnits(dataset.columns.length, 'column')} out, {masked} masked
          {undecided > 0 ? (
            <span className="block">
              <Status tone="warning">{formatUnits(undecided, 'new column')} to decide</Status>
            </span>
          ) : null}
        </div>
      </Cell>
      <Cell numeric>{rowLimit === null ? <Unknown why="No limit" /> : formatCount(rowLimit)}</Cell>
      <Cell numeric>{formatCount(overrides)}</Cell>
      <Cell numeric>{formatCount(scheduled)}</Cell>
    </tr>
  );
}

function PoliciesSkeleton() {
  return (
    <>
      <LoadingLabel>Loading policies</LoadingLabel>
      <Skeleton className="h-72 w-full" />
    </>
  );
}
