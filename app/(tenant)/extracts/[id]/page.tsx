import { cache } from 'react';
import { Facts } from '@/components/data/facts';
import { formatDay } from '@/components/format';
import { Result } from '@/components/live/result';
import { Copyable } from '@/components/ui/copy';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Term } from '@/components/ui/term';
import { datasets } from '@/lib/domain/extracts/datasets';
import type { Extract } from '@/lib/domain/extracts/ports';
import { getExtract } from '@/lib/domain/extracts/verbs/get-extract';
import { metadataOf, orNotFound, pageContext } from '@/lib/server/page';
import { workbenchPlace } from '@/lib/server/workbench-place';
import { StateLabel } from '../_components/state-label';
import { formatWords, stateOf } from '../_components/words';
import { extractReading } from '../reading';
import { Columns } from './_components/columns';
import { LiveProgress } from './_components/live-progress';
import { Outcome } from './_components/outcome';
import { Snippet } from './_components/snippet';
import { extractPage } from './page-info';

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<{ readonly download?: string | readonly string[] }>;
}

/** The extract named by the URL. An unknown id and another tenant's id are both not found. */
const extractOf = cache((id: string) =>
  orNotFound(async () => getExtract(await pageContext(extractPage), { requestId: id })),
);

export const generateMetadata = metadataOf(extractPage, async ({ params }: Props) => {
  await extractOf((await params).id);
  return extractPage.title;
});

export default async function ExtractPage({ params, searchParams }: Props) {
  const [{ id }, { download }] = await Promise.all([params, searchParams]);
  const context = await pageContext(extractPage);
  const extract = await extractOf(id);
  const reading = extractReading(extract, context.now());
  const { bucket } = workbenchPlace(context.tenant.id, context.tenant.accountId);
  return (
    <>
      <PageHeader
        title={`${extractPage.title}: ${datasets[extract.dataset].label}`}
        parent={extractPage.parent}
      >
        <span className="mr-4">
          <StateLabel state={extract.state} words={stateOf(extract)} />
        </span>
        <Copyable what="extract id">{extract.requestId}</Copyable>
      </PageHeader>
      {download === undefined ? null : <NotDownloaded code={String(download)} />}
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <section className="space-y-3">
          <h2 className="text-lg">Progress</h2>
          <LiveProgress initial={reading} page={`/extracts/${extract.requestId}`} />
        </section>
        <section className="space-y-3">
          <Result name="extract" mark={reading.mark} words={reading.words} className="text-lg">
            {extract.file ? 'File' : 'Outcome'}
          </Result>
          <Outcome extract={extract} bucket={bucket} />
        </section>
      </div>
      <section className="space-y-3">
        <h2 className="text-lg">Request details</h2>
        <AskedFor extract={extract} bucket={bucket} />
        <Columns columns={describedColumns(extract)} />
      </section>
      {extract.file && bucket ? <Snippet extract={extract} bucket={bucket} name={extract.file.name} /> : null}
    </>
  );
}

function describedColumns({ dataset, columns }: Extract) {
  const meanings = new Map(datasets[dataset].columns.map(({ name, meaning }) => [name, meaning]));
  return columns.map((column) => ({ ...column, meaning: meanings.get(column.name) ?? '' }));
}

function AskedFor({ extract, bucket }: { readonly extract: Extract; readonly bucket: string | null }) {
  const { format, range, asOf, policyVersion, requestedAt, requestId, dataset } = extract;
  const days =
    range.from || range.before
      ? `From ${range.from ? formatDay(range.from) : 'the first day'}, ${range.before ? `before ${formatDay(range.before)}` : 'no end date'}`
      : 'All';
  return (
    <Facts
      facts={[
        { name: 'Format', value: formatWords[format][0] },
        ...(datasets[dataset].asOf === 'none' ? [{ name: 'Days (UTC)', value: days }] : []),
        ...(asOf
          ? [
              {
                name: 'Features as of',
                label: (
                  <>
                    Features <Term name="asOf">as of</Term>
                  </>
                ),
                value: <Instant at={asOf} style="date" />,
              },
            ]
          : []),
        { name: 'Extract policy', value: `Version ${policyVersion}` },
        { name: 'Requested', value: <Instant at={requestedAt} style="second" /> },
        {
          name: 'Location',
          value: bucket ? (
            <Copyable what="location" className="text-xs">
              s3://{bucket}/extracts/{requestId}/
            </Copyable>
          ) : (
            '–'
          ),
        },
      ]}
    />
  );
}

function NotDownloaded({ code }: { readonly code: string }) {
  return (
    <Notice tone="failed" title="The file was not downloaded">
      <p>
        {code === 'conflict'
          ? 'The file in your bucket was removed or changed after it was written. Submit the extract again.'
          : code === 'dependency_denied'
            ? 'AWS denied access to your bucket. Ask your administrator to check Annex’s permissions.'
            : 'A service did not respond. The file is kept. Try again in a minute.'}
      </p>
    </Notice>
  );
}
