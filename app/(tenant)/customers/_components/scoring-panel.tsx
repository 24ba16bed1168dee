import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatUnits } from '@/components/format';
import { buttonStyle } from '@/components/ui/button';
import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import type { ScoringRun } from '@/lib/domain/scoring/ports';
import { shownVersion } from '@/lib/domain/scoring/standing';
import type { ScoringView } from '@/lib/domain/scoring/verbs/get-scoring';
import type { ScoringReading } from '../scoring-reading';
import { LiveScoring } from './live-scoring';
import { ScoreAllForm } from './score-all-form';

/**
 * For the people in charge of the model: which model is active and shown, progress of the scoring run, and what went wrong.
 */
export function ScoringPanel({
  scoring,
  reading,
  pageHref,
}: {
  readonly scoring: ScoringView;
  readonly reading: ScoringReading;
  readonly pageHref: string;
}) {
  const { active, state, latest } = scoring;
  return (
    <section
      aria-labelledby="scoring"
      className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4 border border-line bg-plate px-4 py-3 sm:px-6"
    >
      <div className="min-w-0 flex-1 basis-80">
        <LiveScoring
          initial={reading}
          pageHref={pageHref}
          heading={{ id: 'scoring', mark: `${latest?.run}` }}
        />
        <div className="mt-1 space-y-1 text-sm text-muted">
          <Details scoring={scoring} />
          {latest?.state === 'failed' && state.mode !== 'fallback' ? <FailedRun run={latest} /> : null}
        </div>
      </div>
      <div className="flex flex-wrap items-start gap-2">
        {active ? (
          <Link href="/customers/compare" prefetch={false} className={buttonStyle('plain')}>
            Compare with the built-in model
          </Link>
        ) : (
          <Link href="/model" prefetch={false} className={buttonStyle('plain')}>
            Bring your own model
          </Link>
        )}
        {active && !reading.run ? <ScoreAllForm /> : null}
      </div>
    </section>
  );
}

function Details({ scoring }: { readonly scoring: ScoringView }): ReactNode {
  const { active, state, shown, circuit } = scoring;
  const shownNow = shownVersion(scoring);
  if (!active && shownNow === null)
    return <p>You have no active model. The built-in model scores customers after each import.</p>;
  return (
    <>
      {active && active.version !== shownNow ? (
        <p>
          Version {active.version} is <Endpoint name={active.endpointName} />. It takes over once it has
          scored every customer.
        </p>
      ) : null}
      {shownNow !== null && shown ? (
        <p>
          Version {shownNow} is <Endpoint name={scoring.endpoints[shownNow]} />
          {shown.finishedAt ? (
            <>
              ; {formatUnits(shown.rowsDone, 'customer')} scored on{' '}
              <Instant at={shown.finishedAt} style="second" />
            </>
          ) : null}
          .
        </p>
      ) : null}
      {circuit !== 'closed' ? (
        <p>
          {formatUnits(state.breaker.failures, 'failure')} in a row since{' '}
          <Instant at={state.breaker.openedAt ?? state.since} style="second" />. The next health check runs
          {state.nextHealthCheckAt ? (
            <>
              {' '}
              after <Instant at={state.nextHealthCheckAt} style="second" />
            </>
          ) : null}
          , or immediately if you choose “Score all now”.
        </p>
      ) : null}
    </>
  );
}

function Endpoint({ name }: { readonly name: string | undefined }) {
  return (
    <>
      endpoint <span className="font-mono text-[0.8125rem] [overflow-wrap:anywhere]">{name ?? '–'}</span>
    </>
  );
}

function FailedRun({ run }: { readonly run: ScoringRun }) {
  return (
    <p>
      <Status tone="failed">The last scoring run failed</Status>
      {run.finishedAt ? <> on {<Instant at={run.finishedAt} style="second" />}</> : null}: {run.failure}
    </p>
  );
}
