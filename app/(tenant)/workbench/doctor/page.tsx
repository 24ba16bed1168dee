import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import { getDoctor } from '@/lib/domain/doctor/verbs/get-doctor';
import { metadataOf, pageContext } from '@/lib/server/page';
import { type AddressParams, firstOf } from '../../../_components/address';
import { Deferred } from '../../../_components/deferred';
import { DoctorPart } from '../../../_components/doctor/doctor-part';
import { linkOf } from '../../../_components/doctor/words';
import { runDoctorAction } from './actions';
import { doctorPage } from './page-info';

export const generateMetadata = metadataOf(doctorPage);

export default async function DoctorPage({
  searchParams,
}: {
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(doctorPage);
  const again = linkOf(firstOf((await searchParams).link));
  return (
    <>
      <PageHeader title={doctorPage.title} parent={doctorPage.parent}>
        What the workbench of <bdi>{context.tenant.name}</bdi> hangs on, and what you can mend yourself.
      </PageHeader>
      <Deferred
        context={context}
        fallback={<DoctorSkeleton />}
        load={async () => (
          <DoctorPart run={await getDoctor(context, undefined)} again={again} act={runDoctorAction} />
        )}
      />
    </>
  );
}

function DoctorSkeleton() {
  return (
    <>
      <LoadingLabel>Loading what the doctor found</LoadingLabel>
      <Skeleton className="h-96 w-full" />
    </>
  );
}
