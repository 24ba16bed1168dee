import { type Fact, Facts } from '@/components/data/facts';
import { Result } from '@/components/live/result';
import { Instant } from '@/components/ui/instant';
import type { TenantContext } from '@/lib/domain/context';
import { getModel, type ModelInUse } from '@/lib/domain/models/verbs/get-model';
import { BackToDefaultForm } from './back-to-default-form';

/** The source of the scores, since when and activated by whom, and the button to switch back. */
export async function InUse({ context }: { readonly context: TenantContext }) {
  const model = await getModel(context, undefined);
  return (
    <section aria-labelledby="in-use" className="space-y-3">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
        <Result
          name="model"
          mark={`${model.activations[0]?.at.toISOString()}`}
          words={model.active ? `In use: version ${model.active.version}` : 'In use: built-in model'}
          id="in-use"
          className="text-lg"
        >
          In use
        </Result>
        {model.active ? <BackToDefaultForm /> : null}
      </div>
      <Facts facts={factsOf(model)} />
    </section>
  );
}

function factsOf({ active, activations: [newest] }: ModelInUse): Fact[] {
  const since: Fact[] = newest
    ? [
        { name: 'Since', value: <Instant at={newest.at} /> },
        { name: 'Activated by', value: newest.by },
      ]
    : [{ name: 'Since', value: 'First import' }];
  if (!active) return [{ name: 'Scores come from', value: 'Built-in model (BG/NBD)' }, ...since];
  return [
    { name: 'Scores come from', value: `Version ${active.version}` },
    { name: 'Endpoint', value: active.endpointName },
    { name: 'Content type', value: active.contentType },
    ...since,
  ];
}
