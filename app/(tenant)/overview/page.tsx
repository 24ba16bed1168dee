import { LiveRefresh } from '@/components/live/live-refresh';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import type { TenantContext } from '@/lib/domain/context';
import { besides, nextStep } from '@/lib/domain/overview/steps';
import { getOverview, type Overview } from '@/lib/domain/overview/verbs/get-overview';
import { metadataOf, pageContext } from '@/lib/server/page';
import { Deferred } from '../../_components/deferred';
import { Checklist } from './_components/checklist';
import { Figures } from './_components/figures';
import { ItemList } from './_components/item-list';
import { OverviewSkeleton } from './_components/overview-skeleton';
import { overviewReading } from './overview-reading';
import { overviewPage } from './page-info';
import { attentionWords, finishedWords, workWords } from './words';

export const generateMetadata = metadataOf(overviewPage);

export default async function OverviewPage() {
  const context = await pageContext(overviewPage);
  return (
    <>
      <PageHeader title={overviewPage.title}>
        What to do next for <bdi>{context.tenant.name}</bdi>, what needs you, and what finished.
      </PageHeader>
      <Deferred context={context} fallback={<OverviewSkeleton />} load={() => loadOverview(context)} />
    </>
  );
}

async function loadOverview(context: TenantContext) {
  const overview = await getOverview(context, undefined);
  const { customers, steps, attention, underWay, finished } = overview;
  const needsYou = besides(attention, steps);
  const isUnderWay = besides(underWay, steps);
  const isNew = (customers?.customers ?? 0) === 0;
  return (
    <div className="space-y-6">
      <Unreadable parts={overview.unreadable} />
      {isNew ? null : <Figures overview={overview} />}
      {needsYou.length > 0 ? (
        <ItemList title="Needs you" items={needsYou} wording={attentionWords} tone="failed" />
      ) : isNew || attention.length > 0 || overview.unreadable.length > 0 || nextStep(steps) ? null : (
        <p className="text-muted">Nothing needs you now.</p>
      )}
      {steps.some(({ state }) => state !== 'done') ? <Checklist steps={steps} /> : null}
      {isUnderWay.length > 0 ? <ItemList title="Under way" items={isUnderWay} wording={workWords} /> : null}
      {finished.length > 0 ? (
        <ItemList title="Finished lately" items={finished} wording={finishedWords} />
      ) : null}
      <LiveRefresh
        initial={overviewReading(overview, context.now())}
        href="/overview/status"
        pageHref="/overview"
        everyMs={4000}
      />
    </div>
  );
}

const partNames = {
  customers: 'Customers',
  orderImport: 'Import',
  scoring: 'Scores',
  model: 'Model',
  workbench: 'Workbench',
  extracts: 'Extracts',
  endpoints: 'Endpoints',
} as const;

function Unreadable({ parts }: { readonly parts: Overview['unreadable'] }) {
  if (parts.length === 0) return null;
  return (
    <Notice tone="failed" title="Part of this page could not be read">
      <ul>
        {parts.map(({ part, reason }) => (
          <li key={part}>
            {partNames[part]}: {reason}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
