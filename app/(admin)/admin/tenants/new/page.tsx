import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import type { ControlContext } from '@/lib/domain/context';
import { listWorkbenchesToOffer } from '@/lib/domain/onboarding/verbs/list-workbenches-to-offer';
import { listPlanChoices } from '@/lib/domain/plans/verbs/list-plan-choices';
import { metadataOf, pageContext } from '@/lib/server/page';
import { Deferred } from '../../../../_components/deferred';
import { OnboardForm } from './_components/onboard-form';
import { newTenantPage } from './page-info';

export const generateMetadata = metadataOf(newTenantPage);

export default async function NewTenantPage() {
  const context = await pageContext(newTenantPage);
  return (
    <>
      <PageHeader title={newTenantPage.title} parent={newTenantPage.parent}>
        Annex sets up the tenant step by step, and says how far it is. A step that fails can be tried again or
        undone.
      </PageHeader>
      <Deferred context={context} fallback={<FormSkeleton />} load={() => loadForm(context)} />
    </>
  );
}

async function loadForm(context: ControlContext) {
  const [variants, plans] = await Promise.all([
    listWorkbenchesToOffer(context, undefined),
    listPlanChoices(context, undefined),
  ]);
  return <OnboardForm variants={variants.map(({ id, name }) => ({ id, name }))} plans={plans} />;
}

function FormSkeleton() {
  return (
    <>
      <LoadingLabel>Loading the form</LoadingLabel>
      <Skeleton className="h-96 w-full max-w-2xl" />
    </>
  );
}
