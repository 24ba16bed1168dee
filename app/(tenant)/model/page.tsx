import { PageHeader } from '@/components/ui/page-header';
import { metadataOf, pageContext } from '@/lib/server/page';
import type { AddressParams } from '../../_components/address';
import { Deferred } from '../../_components/deferred';
import { Endpoints } from './_components/endpoints';
import { InUse } from './_components/in-use';
import { Interface } from './_components/interface';
import { EndpointsSkeleton, InUseSkeleton } from './_components/skeletons';
import { Versions } from './_components/versions';
import { modelPage } from './page-info';
import { readModelView } from './view';

export const generateMetadata = metadataOf(modelPage);

export default async function ModelPage({ searchParams }: { readonly searchParams: Promise<AddressParams> }) {
  const context = await pageContext(modelPage);
  const view = readModelView(await searchParams);
  return (
    <>
      <PageHeader title={modelPage.title}>
        Use your own churn model instead of the built-in one: an endpoint in your account that meets{' '}
        <a href="#interface" className="link">
          the churn interface
        </a>
        .
      </PageHeader>
      <Deferred context={context} fallback={<InUseSkeleton />} load={() => InUse({ context, view })} />
      {/* Loaded separately, so that an AWS failure does not affect the rest of the page. */}
      <Deferred
        context={context}
        fallback={<EndpointsSkeleton />}
        load={() => Endpoints({ context, view })}
      />
      <Deferred context={context} fallback={<InUseSkeleton />} load={() => Versions({ context, view })} />
      <Interface context={context} />
    </>
  );
}
