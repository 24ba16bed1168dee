import { cache } from 'react';
import { Result } from '@/components/live/result';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import type { DatasetName } from '@/lib/domain/extracts/ports';
import { type PolicyView, viewPolicy } from '@/lib/domain/policies/verbs/view-policy';
import { listTenants } from '@/lib/domain/tenants/verbs/list-tenants';
import { metadataOf, orNotFound, pageContext } from '@/lib/server/page';
import { type AddressParams, firstOf } from '../../../../_components/address';
import { Deferred } from '../../../../_components/deferred';
import { draftOf, fields, readDraft } from '../fields';
import { Editor } from './_components/editor';
import { EndOverride } from './_components/end-override';
import { InForce } from './_components/in-force';
import { loadPreview } from './_components/preview';
import { Review } from './_components/review';
import { ScopeChoice } from './_components/scope-choice';
import { Versions } from './_components/versions';
import { policyPage } from './page-info';

interface Props {
  readonly params: Promise<{ readonly dataset: string }>;
  readonly searchParams: Promise<AddressParams>;
}

/** The policy that the address names. An unknown dataset and an unknown tenant are both not found. */
const viewOf = cache((name: string, tenant: string | null) =>
  orNotFound(async () => {
    const context = await pageContext(policyPage);
    // The verb refuses a dataset that does not exist.
    return viewPolicy(context, { dataset: name as DatasetName, tenant });
  }),
);

const viewAt = async ({ params, searchParams }: Props) => {
  const { tenant } = await searchParams;
  return viewOf((await params).dataset, firstOf(tenant) || null);
};

const titleOf = ({ dataset, tenant }: PolicyView): string =>
  `${policyPage.title}: ${dataset.label}${tenant ? ` for ${tenant.name}` : ''}`;

export const generateMetadata = metadataOf(policyPage, async (props: Props) => titleOf(await viewAt(props)));

export default async function PolicyPage(props: Props) {
  const context = await pageContext(policyPage);
  const [view, given] = await Promise.all([viewAt(props), props.searchParams]);
  const { tenants } = await listTenants(context, { limit: 200 });
  const step = firstOf(given[fields.step]);
  const address = new URLSearchParams(
    Object.entries(given).flatMap(([name, value]) => [[name, firstOf(value) ?? '']]),
  );
  const draft = step === undefined ? draftOf(view.content, view.base) : readDraft(view.dataset.name, address);
  return (
    <>
      <PageHeader title={titleOf(view)} parent={policyPage.parent}>
        {view.dataset.meaning}.
      </PageHeader>
      <Saved view={view} version={Number(firstOf(given[fields.saved]) ?? Number.NaN)} />
      <InForce view={view} />
      <ScopeChoice view={view} tenants={tenants} />
      {step === 'review' ? <Review context={context} view={view} draft={draft} /> : null}
      <Editor
        dataset={view.dataset.name}
        tenant={view.tenant?.id ?? null}
        columns={view.columns}
        draft={draft}
        today={context.now().toISOString().slice(0, 10)}
      />
      <section aria-labelledby="preview" className="space-y-3">
        <h2 id="preview" className="text-lg">
          Preview on generated rows
        </h2>
        <Deferred
          context={context}
          fallback={<Skeleton className="h-80 w-full" />}
          load={() => loadPreview(context, view.dataset.name, draft)}
        />
      </section>
      {view.isOverridden && view.tenant ? (
        <EndOverride dataset={view.dataset.name} tenant={view.tenant} base={view.base} />
      ) : null}
      <Versions steps={view.steps} tenant={view.tenant?.name ?? null} />
    </>
  );
}

/** What became of the change that was just saved. */
function Saved({ view, version }: { readonly view: PolicyView; readonly version: number }) {
  const step = view.steps.find((each) => each.version.version === version);
  // The address may be older than what somebody else has written since.
  if (step?.state !== 'in force' && step?.state !== 'scheduled') return null;
  const isScheduled = step.state === 'scheduled';
  const isEnd = step.version.content === null;
  const title = `Version ${version}${isEnd ? ', which ends the override,' : ''} is ${step.state}`;
  return (
    <Result as="div" name="policy" mark={String(version)} words={title}>
      <Notice tone="done" title={title}>
        {isScheduled
          ? 'Until then, extracts follow what is in force now.'
          : `Every extract that is asked for from now on follows ${isEnd ? 'the standard' : 'it'}, and its manifest names the version. So do extracts that wait for their run.`}
      </Notice>
    </Result>
  );
}
