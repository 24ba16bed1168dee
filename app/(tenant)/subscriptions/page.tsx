import Link from 'next/link';
import { Cell, DataTable, RowHead } from '@/components/data/table';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import type { TenantContext } from '@/lib/domain/context';
import type { Subscription } from '@/lib/domain/marketplace/subscription';
import { listSubscriptions } from '@/lib/domain/marketplace/verbs/list-subscriptions';
import { metadataOf, pageContext } from '@/lib/server/page';
import { pageOrNull } from '@/lib/server/page-or-null';
import { type AddressParams, firstOf } from '../../_components/address';
import { BadAddress } from '../../_components/bad-address';
import { CursorPager } from '../../_components/cursor-pager';
import { Deferred } from '../../_components/deferred';
import { deploymentWords, standingWords } from '../../_components/marketplace/words';
import { marketplacePage } from '../marketplace/page-info';
import { subscriptionsPage } from './page-info';
import { subscriptionHref } from './words';

export const generateMetadata = metadataOf(subscriptionsPage);

export default async function SubscriptionsPage({
  searchParams,
}: {
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(subscriptionsPage);
  const { cursor, from } = await searchParams;
  return (
    <>
      <PageHeader
        title={subscriptionsPage.title}
        actions={
          <Link href={marketplacePage.path} prefetch={false} className={buttonStyle('plain')}>
            {marketplacePage.title}
          </Link>
        }
      >
        Models of AWS Marketplace that your organisation has subscribed to. They run in your own AWS account.
      </PageHeader>
      {firstOf(from) === 'aws' ? (
        <Notice tone="done" title="You are back from AWS Marketplace">
          A new subscription appears here as soon as AWS Marketplace says that it is active, within a minute
          or so. Reload the page if it is not there yet.
        </Notice>
      ) : null}
      <Deferred
        context={context}
        fallback={<SubscriptionsSkeleton />}
        load={() => loadSubscriptions(context, firstOf(cursor))}
      />
    </>
  );
}

async function loadSubscriptions(context: TenantContext, cursor: string | undefined) {
  const page = await pageOrNull(() => listSubscriptions(context, { cursor }));
  if (!page) return <BadAddress title="These subscriptions can’t be shown" href={subscriptionsPage.path} />;
  if (page.subscriptions.length === 0) return <NoSubscriptions />;
  return (
    <div className="space-y-3">
      <DataTable
        label="Subscriptions"
        columns={[{ label: 'Model' }, { label: 'Subscription' }, { label: 'Endpoint' }, { label: 'Since' }]}
      >
        {page.subscriptions.map((subscription) => (
          <SubscriptionRow key={subscription.id} subscription={subscription} />
        ))}
      </DataTable>
      <CursorPager label="Pages of subscriptions" path={subscriptionsPage.path} page={page} />
    </div>
  );
}

function SubscriptionRow({ subscription }: { readonly subscription: Subscription }) {
  const standing = standingWords[subscription.standing];
  const deployment = deploymentWords(subscription);
  return (
    <tr>
      <RowHead>
        <Link
          href={subscriptionHref(subscription.id)}
          prefetch={false}
          className="row-link link [overflow-wrap:anywhere]"
        >
          {subscription.title}
        </Link>
      </RowHead>
      <Cell>
        <Status tone={standing.tone}>{standing.words}</Status>
      </Cell>
      <Cell>
        <Status tone={deployment.tone}>{deployment.words}</Status>
      </Cell>
      <Cell>
        <Instant at={subscription.createdAt} style="minute" />
      </Cell>
    </tr>
  );
}

function NoSubscriptions() {
  return (
    <EmptyState title="No subscriptions yet">
      <p>
        Choose a model, and subscribe to it on AWS Marketplace with the AWS account of your workbench. Annex
        then deploys it there.
      </p>
      <Link href={marketplacePage.path} prefetch={false} className={buttonStyle('primary')}>
        See the models
      </Link>
    </EmptyState>
  );
}

function SubscriptionsSkeleton() {
  return (
    <>
      <LoadingLabel>Loading subscriptions</LoadingLabel>
      <Skeleton className="h-56 w-full" />
    </>
  );
}
