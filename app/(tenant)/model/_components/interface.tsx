import { Cell, DataTable, RowHead } from '@/components/data/table';
import { Copy } from '@/components/ui/copy';
import { FileLink } from '@/components/ui/file-link';
import { Term } from '@/components/ui/term';
import type { TenantContext } from '@/lib/domain/context';
import { inWords } from '@/lib/domain/in-words';
import type { InterfaceFormat } from '@/lib/domain/models/interface';
import { getInterface } from '@/lib/domain/models/verbs/get-interface';

/** The interface that an endpoint must meet, with samples to copy. */
export async function Interface({ context }: { readonly context: TenantContext }) {
  const { version, predicts, features, formats, answerMs } = await getInterface(context, undefined);
  return (
    <section id="interface" aria-labelledby="interface-title" className="space-y-5 scroll-mt-16">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
        <div className="max-w-3xl">
          <h2 id="interface-title" className="text-lg">
            Churn interface, version {version}
          </h2>
          <p className="mt-1 text-sm text-muted">
            {predicts} A request is at most 4 MB and has {inWords(features.length)} numbers per customer, in
            the order below. Answer with one probability per customer, in the same order, within{' '}
            {answerMs / 1000} s. Reject non-numeric or truncated input with a 4xx; rows of any other length
            should also be rejected. The <Term name="contractTest">contract test</Term> sends at most 100
            customers per request. A scoring run starts with 100 per request and goes up to 4,000 while
            answers are fast. A request can contain the same customer twice.
          </p>
        </div>
        <FileLink href="/model/schema">Download JSON Schema</FileLink>
      </div>
      <DataTable
        label="Features in their order"
        columns={[
          { label: '#', numeric: true },
          { label: 'Feature' },
          { label: 'Unit' },
          { label: 'Meaning' },
        ]}
      >
        {features.map(({ position, name, unit, meaning }) => (
          <tr key={name}>
            <Cell numeric>{position}</Cell>
            <RowHead>
              <code className="font-mono">{name}</code>
            </RowHead>
            <Cell>{unit}</Cell>
            <Cell>{meaning}</Cell>
          </tr>
        ))}
      </DataTable>
      <div className="grid gap-5 lg:grid-cols-2">
        {formats.map((format) => (
          <Format key={format.contentType} format={format} />
        ))}
      </div>
    </section>
  );
}

function Format({ format }: { readonly format: InterfaceFormat }) {
  const { contentType, spokenBy, note, request, answer } = format;
  return (
    <section
      aria-label={contentType}
      className="min-w-0 space-y-3 border border-line bg-plate px-5 py-4 lg:row-span-3 lg:grid lg:grid-rows-subgrid lg:space-y-0 lg:gap-3"
    >
      <div>
        <h3 className="font-mono text-sm font-semibold">{contentType}</h3>
        <p className="mt-1 text-sm text-muted">
          Used by SageMaker’s built-in {spokenBy}. {note}
        </p>
      </div>
      <Sample title="Request" contentType={contentType} text={request} />
      <Sample title="Answer" contentType={contentType} text={answer} />
    </section>
  );
}

function Sample({
  title,
  contentType,
  text,
}: {
  readonly title: string;
  readonly contentType: string;
  readonly text: string;
}) {
  const label = `sample ${title.toLowerCase()} in ${contentType}`;
  return (
    <figure className="min-w-0">
      <figcaption className="flex items-center justify-between gap-4 text-xs text-muted">
        {title}
        <Copy text={text} what={label} />
      </figcaption>
      <pre className="mt-1 whitespace-pre-wrap bg-sunk px-3 py-2 font-mono text-xs [overflow-wrap:anywhere]">
        {text}
      </pre>
    </figure>
  );
}
