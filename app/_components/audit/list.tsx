import Link from 'next/link';
import { Pager } from '@/components/data/pager';
import { whereIn } from '@/components/data/place';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import type { AuditPage } from '@/lib/domain/audit/ports';
import { isAnnexError } from '@/lib/errors';
import { AuditFilterForm } from './filter';
import { lineOf } from './lines';
import { AuditTable } from './table';
import { type AuditView, auditHref, faultsOf, isFiltered } from './view';

/** The filter and the page of audit rows that `view` asks for, as `read` gives it. `tenants`: of all tenants. */
export async function auditList({
  path,
  view,
  tenants,
  now,
  read,
}: {
  readonly path: string;
  readonly view: AuditView;
  readonly tenants: boolean;
  readonly now: Date;
  readonly read: () => Promise<AuditPage>;
}) {
  return (
    <div className="space-y-4">
      <AuditFilterForm path={path} view={view} tenants={tenants} />
      {await listOrFault()}
    </div>
  );

  async function listOrFault() {
    try {
      return <List page={await read()} path={path} view={view} tenants={tenants} now={now} />;
    } catch (error) {
      if (!isAnnexError(error, 'invalid')) throw error;
      return <Fault path={path} faults={faultsOf(error.fields)} />;
    }
  }
}

function List({
  page: { entries, previous, next },
  path,
  view,
  tenants,
  now,
}: {
  readonly page: AuditPage;
  readonly path: string;
  readonly view: AuditView;
  readonly tenants: boolean;
  readonly now: Date;
}) {
  if (entries.length === 0) {
    return isFiltered(view) || view.cursor ? (
      <EmptyState title="Nothing matches">
        <p>No event matches these filters.</p>
        <Link href={path} prefetch={false} className={buttonStyle('plain')}>
          Show all events
        </Link>
      </EmptyState>
    ) : (
      <EmptyState title="Nothing recorded yet">
        <p>What people and Annex change is shown here, from the first sign-in on.</p>
      </EmptyState>
    );
  }
  const to = (cursor: string | null, label: string) =>
    cursor === null ? null : { href: auditHref(path, { ...view, cursor }), label };
  return (
    <div className="space-y-3">
      <AuditTable lines={entries.map(lineOf)} tenants={tenants} />
      <Pager label="Pages of the audit" previous={to(previous, 'Newer')} next={to(next, 'Older')}>
        {whereIn(null, entries.length, 'event', 'newest first')}, as of <Instant at={now} style="second" />
      </Pager>
    </div>
  );
}

function Fault({ path, faults }: { readonly path: string; readonly faults: readonly string[] }) {
  return (
    <Notice
      tone="failed"
      title="The audit can’t be limited like this"
      actions={
        <a href={path} className={buttonStyle('plain')}>
          Start over
        </a>
      }
    >
      {faults.map((fault) => (
        <p key={fault}>{fault}</p>
      ))}
    </Notice>
  );
}

/** Stands where the list will be. */
export function AuditSkeleton() {
  return (
    <>
      <LoadingLabel>Loading the audit</LoadingLabel>
      <Skeleton className="h-96 w-full" />
    </>
  );
}
