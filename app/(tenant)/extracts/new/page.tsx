import Link from 'next/link';
import { ulid } from 'ulid';
import { Result } from '@/components/live/result';
import { Button, buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import type { TenantContext } from '@/lib/domain/context';
import { type DatasetOffer, listDatasets } from '@/lib/domain/extracts/verbs/list-datasets';
import { metadataOf, pageContext } from '@/lib/server/page';
import type { AddressParams } from '../../../_components/address';
import { Deferred } from '../../../_components/deferred';
import { ColumnsFields } from './_components/columns-fields';
import { DatasetCards } from './_components/dataset-cards';
import { FormatFields } from './_components/format-fields';
import { LiveForm } from './_components/live-form';
import { loadPreview } from './_components/preview';
import { RowsFields } from './_components/rows-fields';
import { type DraftFields, fields, readDraft } from './draft';
import { newExtractPage } from './page-info';
import { type Fate, fateOf, type Refusal, readRefusal, refusalWords } from './refusal';

export const generateMetadata = metadataOf(newExtractPage);

type Refused = Refusal & { readonly fate: Fate };

interface Props {
  readonly searchParams: Promise<AddressParams>;
}

export default async function NewExtractPage({ searchParams }: Props) {
  const context = await pageContext(newExtractPage);
  const given = await searchParams;
  const params = new URLSearchParams(
    Object.entries(given).flatMap(([name, value]) => [value ?? []].flat().map((each) => [name, each])),
  );
  return (
    <>
      <PageHeader title={newExtractPage.title} parent={newExtractPage.parent}>
        A job reads a replica and writes the file to your own bucket, with no impact on the CRM.
      </PageHeader>
      <Deferred
        context={context}
        fallback={<Skeleton className="h-[40rem] w-full" />}
        load={() => loadForm(context, readDraft(params), readRefusal(params))}
      />
    </>
  );
}

async function loadForm(context: TenantContext, wanted: DraftFields, refusal: Refusal | null) {
  if (context.tenant.accountId === null) return <NoBucket />;
  const offer = await listDatasets(context, undefined);
  if (offer.overview.customers === 0) return <NothingToExtract />;
  const refused = refusal && { ...refusal, fate: await fateOf(context, refusal) };
  return <Form context={context} offer={offer} wanted={wanted} refused={refused} />;
}

function Form({
  context,
  offer,
  wanted,
  refused,
}: {
  readonly context: TenantContext;
  readonly offer: DatasetOffer;
  readonly wanted: DraftFields;
  readonly refused: Refused | null;
}) {
  const dataset = offer.datasets.find(({ name }) => name === wanted.dataset) ?? offer.datasets[0];
  if (!dataset) return null;
  // A format or days that only another dataset supports do not apply to this one.
  const draft: DraftFields = {
    ...wanted,
    ...(dataset.formats.includes(wanted.format) ? {} : { format: 'csv' }),
    ...(dataset.dated === null ? { from: '', to: '' } : {}),
  };
  const requestId = refused?.requestId ?? ulid(context.now().getTime());
  return (
    <LiveForm page="/extracts/new" once={fields.requestId}>
      <input type="hidden" name={fields.requestId} value={requestId} />
      {refused ? <RefusedNotice refused={refused} /> : null}
      <DatasetCards datasets={offer.datasets} chosen={dataset.name} />
      <ColumnsFields dataset={dataset} format={draft.format} chosen={draft.columns} />
      <RowsFields dataset={dataset} draft={draft} offer={offer} />
      <FormatFields dataset={dataset} chosen={draft.format} />
      <section className="space-y-3">
        <h2 className="text-lg">Preview</h2>
        <Deferred
          context={context}
          fallback={<Skeleton className="h-[25rem] w-full" />}
          load={() => loadPreview(context, draft)}
        />
      </section>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary">
          Submit extract
        </Button>
        <noscript>
          <button type="submit" formMethod="get" formAction="/extracts/new" className={buttonStyle('plain')}>
            Update preview
          </button>
        </noscript>
      </div>
    </LiveForm>
  );
}

function RefusedNotice({ refused: { code, fate, requestId } }: { readonly refused: Refused }) {
  const [title, what] = refusalWords(code, fate);
  return (
    <Result as="div" name="submission" mark={`${requestId} ${code}`} words="">
      <Notice
        tone={fate === 'recorded' ? 'neutral' : 'failed'}
        title={title}
        actions={
          fate === 'recorded' ? (
            <Link href={`/extracts/${requestId}`} prefetch={false} className={buttonStyle('plain')}>
              View the extract
            </Link>
          ) : null
        }
      >
        <p>{what}</p>
      </Notice>
    </Result>
  );
}

function NoBucket() {
  return (
    <EmptyState title="You don’t have a bucket for extracts yet">
      <p>
        Extracts are written to a bucket in your own AWS account. The account and the bucket come with the
        workbench.
      </p>
      <Link href="/workbench" className={buttonStyle('primary')}>
        Go to Workbench
      </Link>
    </EmptyState>
  );
}

function NothingToExtract() {
  return (
    <EmptyState title="Nothing to extract yet">
      <p>No customers or orders have been imported. Extracts are taken from your order history.</p>
      <Link href="/customers/import" prefetch={false} className={buttonStyle('primary')}>
        Import orders
      </Link>
    </EmptyState>
  );
}
