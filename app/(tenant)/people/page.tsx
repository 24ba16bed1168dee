import { whereIn } from '@/components/data/place';
import { Result } from '@/components/live/result';
import { buttonStyle } from '@/components/ui/button';
import { ExportLink } from '@/components/ui/export-link';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import type { TenantContext } from '@/lib/domain/context';
import { listPeople } from '@/lib/domain/people/verbs/list-people';
import { metadataOf, pageContext } from '@/lib/server/page';
import { pageOrNull } from '@/lib/server/page-or-null';
import { type AddressParams, firstOf } from '../../_components/address';
import { CursorPager } from '../../_components/cursor-pager';
import { Deferred } from '../../_components/deferred';
import { PeopleTable } from '../../_components/people-table';
import { InviteForm } from './_components/invite-form';
import { peoplePage } from './page-info';
import { personHref } from './words';

export const generateMetadata = metadataOf(peoplePage);

export default async function PeoplePage({
  searchParams,
}: {
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(peoplePage);
  const { cursor, done } = await searchParams;
  return (
    <>
      <PageHeader title={peoplePage.title} actions={<ExportLink href="/people/export" />}>
        Who works for <bdi>{context.tenant.name}</bdi> in Annex, and what each may do.
      </PageHeader>
      {firstOf(done) === 'removed' ? (
        <Result name="people" mark="removed" words="Person removed" as="div">
          <Notice tone="done" title="Person removed">
            They can no longer sign in. What they made is kept.
          </Notice>
        </Result>
      ) : null}
      <Deferred
        context={context}
        fallback={<PeopleSkeleton />}
        load={() => loadPeople(context, firstOf(cursor))}
      />
      <section className="space-y-3">
        <h2 className="text-lg">Invite a person</h2>
        <p className="max-w-prose text-sm text-muted">
          They get a mail with a temporary password, which lasts seven days, and choose their own when they
          first sign in.
        </p>
        <InviteForm />
      </section>
    </>
  );
}

async function loadPeople(context: TenantContext, cursor: string | undefined) {
  const page = await pageOrNull(() => listPeople(context, { cursor }));
  if (!page || page.people.length === 0) {
    return (
      <Notice
        tone="failed"
        title="This page of people doesn’t exist"
        actions={
          <a href={peoplePage.path} className={buttonStyle('plain')}>
            Start over
          </a>
        }
      >
        The link may be incomplete.
      </Notice>
    );
  }
  return (
    <div className="space-y-3">
      <PeopleTable people={page.people} now={context.now()} hrefOf={personHref} />
      <CursorPager label="Pages of people" path={peoplePage.path} page={page}>
        {whereIn(page, page.people.length, 'user')}
      </CursorPager>
    </div>
  );
}

function PeopleSkeleton() {
  return (
    <>
      <LoadingLabel>Loading people</LoadingLabel>
      <Skeleton className="h-56 w-full" />
    </>
  );
}
