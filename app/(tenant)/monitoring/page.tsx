import { LiveRefresh } from '@/components/live/live-refresh';
import { buttonStyle } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copy';
import { EmptyState } from '@/components/ui/empty-state';
import { ExportLink } from '@/components/ui/export-link';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Term } from '@/components/ui/term';
import type { TenantContext } from '@/lib/domain/context';
import {
  type EndpointMetricsView,
  getMetrics,
  type MetricsView,
} from '@/lib/domain/monitoring/verbs/get-metrics';
import { isAnnexError } from '@/lib/errors';
import { metadataOf, pageContext } from '@/lib/server/page';
import type { AddressParams } from '../../_components/address';
import { Deferred } from '../../_components/deferred';
import { EndpointChoice } from './_components/endpoint-choice';
import { LiveMonitoring } from './_components/live-monitoring';
import { MonitoringSkeleton } from './_components/monitoring-skeleton';
import { RangeTabs } from './_components/range-tabs';
import { Zoomed } from './_components/zoomed';
import { liveView, waitingView } from './live-view';
import { monitoringPage } from './page-info';
import { type MonitoringView, readView, versionsInWords, viewHref } from './view';

export const generateMetadata = metadataOf(monitoringPage);

export default async function MonitoringPage({
  searchParams,
}: {
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(monitoringPage);
  const view = readView(await searchParams);
  return (
    <>
      <PageHeader title={monitoringPage.title}>
        Your model’s endpoint, as measured by CloudWatch in your AWS account. Latency is shown as{' '}
        <Term name="percentiles" />.
      </PageHeader>
      <Deferred context={context} fallback={<MonitoringSkeleton />} load={() => loadMetrics(context, view)} />
    </>
  );
}

/** How often a page without an endpoint looks whether there is one. */
const waitingMs = 15_000;

async function loadMetrics(context: TenantContext, view: MonitoringView) {
  const found = await metricsOrNull(context, view);
  if (!found) return <NoSuchEndpoint />;
  switch (found.state) {
    case 'no_account':
    case 'no_model':
      return (
        <>
          {found.state === 'no_model' ? <NoModel found={found} view={view} /> : <NoAccount />}
          <LiveRefresh
            initial={waitingView(found, context.now())}
            href={viewHref(view, '/monitoring/data')}
            pageHref={viewHref(view)}
            everyMs={waitingMs}
          />
        </>
      );
    case 'endpoint':
      return <Endpoint found={found} view={view} now={context.now()} />;
  }
}

/** Null for a URL with an invalid endpoint or variant. */
async function metricsOrNull(context: TenantContext, view: MonitoringView): Promise<MetricsView | null> {
  try {
    return await getMetrics(context, view);
  } catch (error) {
    if (isAnnexError(error, 'invalid', 'not_found')) return null;
    throw error;
  }
}

function Endpoint({
  found,
  view,
  now,
}: {
  readonly found: EndpointMetricsView;
  readonly view: MonitoringView;
  readonly now: Date;
}) {
  const { chosen, variant, variants, choices } = found;
  const live = liveView(found, now);
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <EndpointChoice
          view={view}
          choices={choices}
          chosen={chosen.endpointName}
          variants={variants}
          variant={variant}
        />
        <div className="flex flex-wrap gap-3">
          <RangeTabs view={view} />
          <ExportLink href={viewHref(view, '/monitoring/export')} />
        </div>
      </div>
      <p className="text-sm text-muted">
        <Copyable what="endpoint name" className="text-ink">
          {chosen.endpointName}
        </Copyable>
        {variant ? (
          <>
            {' '}
            · <Term name="endpointVariant">variant</Term> {variant}
          </>
        ) : null}{' '}
        · {versionsInWords(chosen)}
      </p>
      {live.window.pinned ? <Zoomed view={view} window={live.window} /> : null}
      <LiveMonitoring initial={live} address={view} />
    </div>
  );
}

function NoModel({
  found,
  view,
}: {
  readonly found: Extract<MetricsView, { state: 'no_model' }>;
  readonly view: MonitoringView;
}) {
  return (
    <div className="space-y-6">
      <EmptyState title="You have no active model">
        <p>
          Scores come from the built-in model, which has no endpoint to monitor. Test and activate an endpoint
          to see its calls, durations and errors here.
        </p>
        <a href="/model" className={buttonStyle('primary')}>
          Go to Model
        </a>
      </EmptyState>
      {found.choices.length > 0 ? (
        <EndpointChoice view={view} choices={found.choices} chosen={null} variants={[]} variant={null} />
      ) : null}
    </div>
  );
}

const NoAccount = () => (
  <EmptyState title="No AWS account yet">
    <p>
      Your models run in your organisation’s own AWS account, which comes with the workbench. Request the
      workbench first; then train, deploy and activate a model.
    </p>
    <a href="/workbench" className={buttonStyle('primary')}>
      Go to Workbench
    </a>
  </EmptyState>
);

const NoSuchEndpoint = () => (
  <Notice
    tone="failed"
    title="Endpoint or variant not found"
    actions={
      <a href="/monitoring" className={buttonStyle('plain')}>
        Show the active model
      </a>
    }
  >
    <p>The link may be incomplete.</p>
  </Notice>
);
