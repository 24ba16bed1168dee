import Link from 'next/link';
import { type Fact, Facts } from '@/components/data/facts';
import { Result } from '@/components/live/result';
import { buttonStyle } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copy';
import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import { Term } from '@/components/ui/term';
import type { TenantContext } from '@/lib/domain/context';
import { crmOverview } from '@/lib/domain/crm/verbs/crm-overview';
import type { Activation } from '@/lib/domain/models/ports';
import { getModel, type ModelInUse } from '@/lib/domain/models/verbs/get-model';
import { getScoring } from '@/lib/domain/scoring/verbs/get-scoring';
import { Deferred } from '../../../_components/deferred';
import { LiveScoring } from '../../customers/_components/live-scoring';
import { scoringReading } from '../../customers/scoring-reading';
import { type ModelView, modelHref } from '../view';
import { inWords } from '../words';
import { BackToDefaultForm } from './back-to-default-form';
import { Confirmation } from './confirmation';
import { Standing } from './standing';

/** The active model, since when and activated by whom, whose scores are shown, and the button to switch back. */
export async function InUse({
  context,
  view,
}: {
  readonly context: TenantContext;
  readonly view: ModelView;
}) {
  const [model, scoring, overview] = await Promise.all([
    getModel(context, undefined),
    getScoring(context, undefined),
    crmOverview(context, undefined),
  ]);
  return (
    <section aria-labelledby="in-use" className="space-y-4">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
        <Result
          name="model"
          mark={`${model.activations[0]?.at.toISOString()}`}
          words={`In use: ${inWords(model.active)}. Before: ${inWords(model.previous)}.`}
          id="in-use"
          className="text-lg"
        >
          In use
        </Result>
        {model.active ? <BackToDefaultForm /> : null}
      </div>
      <Confirmation model={model} activated={view.activated} />
      <div>
        <LiveScoring
          initial={scoringReading(overview, scoring, context.now())}
          pageHref={modelHref(view)}
          quiet
        />
        {scoring.state.mode === 'fallback' && scoring.state.reason !== null ? (
          <p className="mt-1 text-sm text-muted">
            <Status tone="warning">
              <Term name="fallback" />
            </Status>{' '}
            since <Instant at={scoring.state.since} style="second" />: {scoring.state.reason}
          </p>
        ) : null}
      </div>
      <Facts facts={factsOf(model)} />
      <Deferred context={context} fallback={null} load={() => Standing({ context, active: model.active })} />
      {model.active ? null : (
        <Link href={modelHref({ tab: 'test' })} prefetch={false} className={buttonStyle('primary')}>
          Test an endpoint of your own
        </Link>
      )}
      <History activations={model.activations} />
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
  if (!active)
    return [
      {
        name: 'Active',
        value: (
          <>
            Built-in model (<Term name="bgNbd" />)
          </>
        ),
      },
      ...since,
    ];
  return [
    { name: 'Active', value: `Version ${active.version}` },
    { name: 'Endpoint', value: <Copyable what="endpoint name">{active.endpointName}</Copyable> },
    { name: 'Content type', value: active.contentType },
    ...since,
  ];
}

function History({ activations }: { readonly activations: readonly Activation[] }) {
  if (activations.length === 0) return null;
  return (
    <section aria-labelledby="activations" className="pt-3 text-sm">
      <h3 id="activations" className="text-base">
        Activations, newest first
      </h3>
      <ul className="mt-2 space-y-1 text-muted">
        {activations.map(({ version, by, at }) => (
          <li key={at.toISOString()}>
            {version === null ? 'Built-in model' : `Version ${version}`} since{' '}
            <Instant at={at} style="second" />, activated by {by}
          </li>
        ))}
      </ul>
    </section>
  );
}
