import { cache } from 'react';
import { Facts } from '@/components/data/facts';
import { LiveRefresh } from '@/components/live/live-refresh';
import { LiveTimeline } from '@/components/live/live-timeline';
import { Result } from '@/components/live/result';
import { Copyable } from '@/components/ui/copy';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Status } from '@/components/ui/status';
import type { Listing } from '@/lib/domain/marketplace/listing';
import { deployedName, type Subscription } from '@/lib/domain/marketplace/subscription';
import { getSubscription } from '@/lib/domain/marketplace/verbs/get-subscription';
import { metadataOf, orNotFound, pageContext } from '@/lib/server/page';
import { deploymentWords, priceOf, standingWords } from '../../../_components/marketplace/words';
import { subscriptionHref } from '../words';
import { RetryForm } from './_components/retry-form';
import { subscriptionPage } from './page-info';
import { readingOf } from './reading';

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

const viewOf = cache((id: string) =>
  orNotFound(async () => getSubscription(await pageContext(subscriptionPage), { subscriptionId: id })),
);

export const generateMetadata = metadataOf(
  subscriptionPage,
  async ({ params }: Props) =>
    `${subscriptionPage.title}: ${(await viewOf((await params).id)).listing.title}`,
);

export default async function SubscriptionPage({ params }: Props) {
  const context = await pageContext(subscriptionPage);
  const { subscription, listing } = await viewOf((await params).id);
  return (
    <>
      <PageHeader title={listing.title} parent={subscriptionPage.parent}>
        {listing.summary}
      </PageHeader>
      <Suspended subscription={subscription} />
      <Standing subscription={subscription} listing={listing} />
      <Endpoint subscription={subscription} now={context.now()} />
    </>
  );
}

function Suspended({ subscription: { suspension, standing } }: { readonly subscription: Subscription }) {
  if (!suspension || standing !== 'suspended') return null;
  return (
    <Notice tone="warning" title="The seller has suspended this subscription">
      {suspension.reason}
    </Notice>
  );
}

function Standing({
  subscription,
  listing,
}: {
  readonly subscription: Subscription;
  readonly listing: Listing;
}) {
  const standing = standingWords[subscription.standing];
  const deployment = deploymentWords(subscription);
  return (
    <Facts
      facts={[
        { name: 'Subscription', value: <Status tone={standing.tone}>{standing.words}</Status> },
        { name: 'Endpoint', value: <Status tone={deployment.tone}>{deployment.words}</Status> },
        { name: 'Since', value: <Instant at={subscription.createdAt} style="minute" /> },
        ...(subscription.endedAt
          ? [{ name: 'Ended', value: <Instant at={subscription.endedAt} style="minute" /> }]
          : []),
        { name: 'Version', value: subscription.version ?? 'Not deployed' },
        { name: 'Prices', value: listing.dimensions.map(priceOf).join(', ') },
        { name: 'AWS account', value: subscription.accountId },
        ...(subscription.state === 'done' || subscription.state === 'running'
          ? [
              {
                name: 'Name in SageMaker',
                value: <Copyable what="name">{deployedName(subscription)}</Copyable>,
              },
            ]
          : []),
      ]}
    />
  );
}

function Endpoint({ subscription, now }: { readonly subscription: Subscription; readonly now: Date }) {
  const reading = readingOf(subscription, now);
  const href = subscriptionHref(subscription.id);
  if (reading.steps.length === 0 && !reading.underWay) return null;
  return (
    <section className="space-y-3">
      <Result
        name="subscription"
        mark={reading.mark}
        words={`Endpoint: ${reading.words}`}
        className="text-lg"
      >
        Endpoint
      </Result>
      <p className="max-w-3xl text-sm text-muted">{aboutOf(subscription)}</p>
      {reading.steps.length > 0 ? (
        <LiveTimeline initial={reading} href={`${href}/status`} pageHref={href} />
      ) : (
        <LiveRefresh initial={reading} href={`${href}/status`} pageHref={href} everyMs={1500} />
      )}
      {reading.underWay ? (
        <noscript>
          <meta httpEquiv="refresh" content="5" />
        </noscript>
      ) : null}
      {subscription.state === 'failed' && subscription.standing !== 'cancelling' ? (
        <RetryForm id={subscription.id} attempt={subscription.attempt} />
      ) : null}
    </section>
  );
}

function aboutOf({ standing, state }: Subscription): string {
  if (standing === 'cancelling')
    return 'The subscription has ended. Annex takes the model down in your account.';
  if (state === 'done') {
    return 'The model runs in your AWS account, and costs by the hour until the subscription ends. Call it as any endpoint of your account, by its name.';
  }
  return 'Annex deploys the model in your AWS account. You can close this page: it goes on.';
}
