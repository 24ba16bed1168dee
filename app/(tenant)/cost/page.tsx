import { ExportLink } from '@/components/ui/export-link';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import type { TenantContext } from '@/lib/domain/context';
import { getCosts } from '@/lib/domain/costs/verbs/get-costs';
import { viewRunning } from '@/lib/domain/running/verbs/view-running';
import { metadataOf, pageContext } from '@/lib/server/page';
import { BillNotices } from '../../_components/costs/bill-notices';
import { Deferred } from '../../_components/deferred';
import { Budget } from './_components/budget';
import { CostFacts } from './_components/cost-facts';
import { MeasuredDays } from './_components/measured-days';
import { RunsNow } from './_components/runs-now';
import { Services } from './_components/services';
import { costPage } from './page-info';

export const generateMetadata = metadataOf(costPage);

export default async function CostPage() {
  const context = await pageContext(costPage);
  return (
    <>
      <PageHeader title={costPage.title} actions={<ExportLink href="/cost/export" />}>
        What your AWS account costs: by AWS’s bill, which comes late, and by what Annex measures, which leaves
        things out.
      </PageHeader>
      <Deferred context={context} fallback={<CostSkeleton />} load={() => loadCosts(context)} />
    </>
  );
}

async function loadCosts(context: TenantContext) {
  const [costs, running] = await Promise.all([getCosts(context, undefined), viewRunning(context, undefined)]);
  const now = context.now();
  return (
    <div className="space-y-8">
      <BillNotices bill={costs.bill} now={now} />
      <CostFacts costs={costs} running={running} />
      <Budget costs={costs} now={now} />
      {running.hasAccount ? <RunsNow view={running} now={now} /> : null}
      <Services month={costs.thisMonth} name={costs.month} />
      <MeasuredDays days={costs.days} month={costs.month} />
      <section className="max-w-prose space-y-2 text-sm text-muted">
        <h2 className="text-base text-ink">Why the figures differ</h2>
        <p>
          The bill has everything that AWS charges your account, also storage and training, less credits; it
          is up to 24 hours late. AWS charges for reading it, so Annex reads it seldom.
        </p>
        <p>
          Annex measures apps of Studio and endpoints alone, at AWS’s list prices. That is what the budget
          acts on: it is known at once.
        </p>
      </section>
    </div>
  );
}

function CostSkeleton() {
  return (
    <>
      <LoadingLabel>Loading costs</LoadingLabel>
      <Skeleton className="h-72 w-full" />
    </>
  );
}
