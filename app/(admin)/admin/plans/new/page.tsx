import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import type { ControlContext } from '@/lib/domain/context';
import type { PlanLimits } from '@/lib/domain/plans/ports';
import { metadataOf, pageContext } from '@/lib/server/page';
import { Deferred } from '../../../../_components/deferred';
import { CatalogueFailure } from '../_components/catalogue-failure';
import { offeredVariants } from '../_components/offered-variants';
import { CreatePlanForm } from '../_components/plan-forms';
import { newPlanPage } from './page-info';

export const generateMetadata = metadataOf(newPlanPage);

const unlimited: PlanLimits = {
  variants: null,
  people: null,
  extractsPerDay: null,
  runsAtOnce: 2,
  endpoints: null,
  monthlyBudgetUsd: null,
  budgetBrake: 'warn',
};

export default async function NewPlanPage() {
  const context = await pageContext(newPlanPage);
  return (
    <>
      <PageHeader title={newPlanPage.title} parent={newPlanPage.parent}>
        No tenant has it until you give it to one.
      </PageHeader>
      <Deferred context={context} fallback={<FormSkeleton />} load={() => loadForm(context)} />
    </>
  );
}

async function loadForm(context: ControlContext) {
  const { variants, failure } = await offeredVariants(context, unlimited);
  return (
    <div className="space-y-5">
      <CatalogueFailure failure={failure} />
      <CreatePlanForm limits={unlimited} variants={variants} />
    </div>
  );
}

function FormSkeleton() {
  return (
    <>
      <LoadingLabel>Loading the form</LoadingLabel>
      <Skeleton className="h-96 w-full" />
    </>
  );
}
