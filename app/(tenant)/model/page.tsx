import type { ReactNode } from 'react';
import { PageHeader } from '@/components/ui/page-header';
import { Tabs } from '@/components/ui/tabs';
import type { TenantContext } from '@/lib/domain/context';
import { metadataOf, pageContext } from '@/lib/server/page';
import type { AddressParams } from '../../_components/address';
import { Deferred } from '../../_components/deferred';
import { Endpoints } from './_components/endpoints';
import { InUse } from './_components/in-use';
import { Interface } from './_components/interface';
import { EndpointsSkeleton, ModelSkeleton } from './_components/skeletons';
import { Versions } from './_components/versions';
import { modelPage } from './page-info';
import { type ModelTab, type ModelView, modelHref, modelTabs, readModelView } from './view';

export const generateMetadata = metadataOf(modelPage);

interface Part {
  readonly label: string;
  readonly skeleton: () => ReactNode;
  readonly load: (props: { readonly context: TenantContext; readonly view: ModelView }) => Promise<ReactNode>;
}

const parts: Readonly<Record<ModelTab, Part>> = {
  'in-use': { label: 'In use', skeleton: ModelSkeleton, load: InUse },
  test: { label: 'Test', skeleton: EndpointsSkeleton, load: Endpoints },
  versions: { label: 'Versions', skeleton: ModelSkeleton, load: Versions },
  interface: { label: 'Interface', skeleton: ModelSkeleton, load: Interface },
};

export default async function ModelPage({ searchParams }: { readonly searchParams: Promise<AddressParams> }) {
  const context = await pageContext(modelPage);
  const view = readModelView(await searchParams);
  const { label, skeleton: Skeleton, load } = parts[view.tab];
  return (
    <>
      <PageHeader title={modelPage.title}>
        Use your own churn model instead of the built-in one: an endpoint in your account that meets the churn
        interface.
      </PageHeader>
      <Tabs
        label="Parts of this page"
        current={label}
        tabs={modelTabs.map((tab) => ({ href: modelHref({ tab }), label: parts[tab].label }))}
      />
      <Deferred
        key={view.tab}
        context={context}
        fallback={<Skeleton />}
        load={() => load({ context, view })}
      />
    </>
  );
}
