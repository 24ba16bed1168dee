import Link from 'next/link';
import { buttonStyle } from '@/components/ui/button';
import { KeptFocus } from '@/components/ui/kept-focus';
import { PageHeader } from '@/components/ui/page-header';
import type { TenantContext } from '@/lib/domain/context';
import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { getWorkbench } from '@/lib/domain/workbench/verbs/get-workbench';
import { metadataOf, pageContext } from '@/lib/server/page';
import { Deferred } from '../../_components/deferred';
import { Failed } from './_components/failed';
import { NoWorkbench } from './_components/no-workbench';
import { Provisioning } from './_components/provisioning';
import { Ready } from './_components/ready';
import { WorkbenchSkeleton } from './_components/workbench-skeleton';
import { doctorPage } from './doctor/page-info';
import { workbenchPage } from './page-info';
import { usualOrNull } from './usual-or-null';

export const generateMetadata = metadataOf(workbenchPage);

export default async function WorkbenchPage() {
  const context = await pageContext(workbenchPage);
  return (
    <>
      <PageHeader
        title={workbenchPage.title}
        actions={
          <Link href={doctorPage.path} prefetch={false} className={buttonStyle('plain')}>
            Doctor
          </Link>
        }
      >
        SageMaker Studio in an AWS account of <bdi>{context.tenant.name}</bdi> alone.
      </PageHeader>
      <Deferred context={context} fallback={<WorkbenchSkeleton />} load={() => loadWorkbench(context)} />
    </>
  );
}

async function loadWorkbench(context: TenantContext) {
  const request = await getWorkbench(context, undefined);
  return (
    // The heading of a setup goes away when the setup ends.
    <KeptFocus as="section" label="State of the workbench" className="outline-none">
      {request ? await live(request, context) : <NoWorkbench context={context} />}
    </KeptFocus>
  );
}

async function live(request: WorkbenchRequest, context: TenantContext) {
  if (request.state === 'ready') return <Ready request={request} context={context} />;
  const usual = await usualOrNull(context);
  const now = context.now();
  return request.state === 'failed' ? (
    <Failed request={request} now={now} usual={usual} />
  ) : (
    <Provisioning request={request} now={now} usual={usual} />
  );
}
