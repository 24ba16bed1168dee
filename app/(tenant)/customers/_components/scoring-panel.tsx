import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatCount, formatUnits } from '@/components/format';
import { RefreshWhile } from '@/components/refresh-while';
import { buttonStyle } from '@/components/ui/button';
import { Instant } from '@/components/ui/instant';
import type { ScoringRun } from '@/lib/domain/scoring/ports';
import type { ScoringView } from '@/lib/domain/scoring/verbs/get-scoring';
import { ScoreAllForm } from './score-all-form';

/**
 * For the people in charge of the model: source of the scores, progress of the scoring run, and what went wrong.
 */
export function ScoringPanel({ scoring }: { readonly scoring: ScoringView }) {
  const { active, state, latest } = scoring;
  const open = latest?.state === 'waiting' || latest?.state === 'running' ? latest : null;
  return (
    <section
      aria-labelledby="scoring"
      className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4 border border-line bg-plate px-4 py-3 sm:px-6"
    >
      <div className="min-w-0 flex-1 basis-80">
        <h2 id="scoring" className="text-sm">
          {headingOf(scoring)}
        </h2>
        <div className="mt-1 space-y-1 text-sm text-muted">
          <Details scoring={scoring} />
          {latest?.state === 'failed' && state.mode !== 'fallback' ? <FailedRun run={latest} /> : null}
        </div>
        {open ? <Progress run={open} /> : null}
        {open || state.version !== (active?.version ?? null) ? <RefreshWhile seconds={2} /> : null}
      </div>
      <div className="flex flex-wrap items-start gap-2">
        {active ? (
          <Link href="/customers/compare" prefetch={false} className={buttonStyle('quiet')}>
            Compare with the built-in model
          </Link>
        ) : (
          <Link href="/model" prefetch={false} className={buttonStyle('plain')}>
            Bring your own model
          </Link>
        )}
        {active && !open ? <ScoreAllForm /> : null}
      </div>
    </section>
  );
}

function headingOf({ active, state, shown }: ScoringView): string {
  if (state.mode === 'model' && shown) return `Scores from your model, version ${shown.version}`;
  if (state.mode === 'fallback') return `Fallback: scores from the built-in model`;
  return active
    ? 'Scores from the built-in model until your model’s are complete'
    : 'Scores from the built-in model';
}

function Details({ scoring }: { readonly scoring: ScoringView }): ReactNode {
  const { active, state, shown, circuit } = scoring;
  if (!active) return <p>You have no active model. The built-in model scores customers after each import.</p>;
  const next =
    shown?.version === active.version
      ? ''
      : ` Version ${active.version} takes over once it has scored every customer.`;
  return (
    <>
      <p>
        Endpoint <span className="font-mono text-[0.8125rem]">{active.endpointName}</span>
        {state.mode === 'model' && shown?.finishedAt ? (
          <>
            ; {formatUnits(shown.rowsDone, 'customer')} scored on{' '}
            <Instant at={shown.finishedAt} style="second" />.
          </>
        ) : (
          '.'
        )}
        {next}
      </p>
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

function FailedRun({ run }: { readonly run: ScoringRun }) {
  return (
    <p className="text-alarm">
      The last scoring run failed
      {run.finishedAt ? <> on {<Instant at={run.finishedAt} style="second" />}</> : null}: {run.failure}
    </p>
  );
}

function Progress({ run }: { readonly run: ScoringRun }) {
  const words = `${formatCount(run.rowsDone)} of ${formatCount(run.rowsTotal)} customers scored`;
  return (
    <div className="mt-3 max-w-xl">
      <div
        role="progressbar"
        aria-label="Customers scored"
        aria-valuemin={0}
        aria-valuemax={run.rowsTotal}
        aria-valuenow={run.rowsDone}
        aria-valuetext={words}
        className="h-2 border border-edge bg-sunk"
      >
        <div
          className="h-full bg-mark"
          style={{ width: `${(run.rowsDone / Math.max(1, run.rowsTotal)) * 100}%` }}
        />
      </div>
      <p className="figures mt-1 text-sm">
        {run.state === 'waiting' ? 'Starting soon' : words}
        <span className="text-muted">
          {' '}
          by version {run.version}
          {run.askedBy ? `, requested by ${run.askedBy}` : ''}. You can close this page; scoring continues.
        </span>
      </p>
    </div>
  );
}
