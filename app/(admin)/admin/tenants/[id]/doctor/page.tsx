import { cache } from 'react';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import { getDiagnosis } from '@/lib/domain/doctor/verbs/get-diagnosis';
import { getTenant } from '@/lib/domain/tenants/verbs/get-tenant';
import { metadataOf, orNotFound, pageContext } from '@/lib/server/page';
import { type AddressParams, firstOf } from '../../../../../_components/address';
import { Deferred } from '../../../../../_components/deferred';
import { DoctorPart } from '../../../../../_components/doctor/doctor-part';
import { linkOf } from '../../../../../_components/doctor/words';
import { tenantHref } from '../../words';
import { diagnoseTenantAction } from './actions';
import { tenantDoctorPage } from './page-info';

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<AddressParams>;
}

const tenantOf = cache((id: string) =>
  orNotFound(async () => getTenant(await pageContext(tenantDoctorPage), { tenantId: id })),
);

export const generateMetadata = metadataOf(
  tenantDoctorPage,
  async ({ params }: Props) => `Doctor: ${(await tenantOf((await params).id)).name}`,
);

export default async function TenantDoctorPage({ params, searchParams }: Props) {
  const [{ id }, { link }] = await Promise.all([params, searchParams]);
  const context = await pageContext(tenantDoctorPage);
  const { id: tenantId, name } = await tenantOf(id);
  return (
    <>
      <PageHeader title={`Doctor: ${name}`} parent={{ path: tenantHref(tenantId), title: name }}>
        What the tenant’s workbench hangs on. The doctor sees how things stand, and nothing that is in them.
      </PageHeader>
      <Deferred
        context={context}
        fallback={<DoctorSkeleton />}
        load={async () => (
          <DoctorPart
            run={await getDiagnosis(context, { tenantId })}
            again={linkOf(firstOf(link))}
            act={diagnoseTenantAction}
            tenantId={tenantId}
          />
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
