'use client';

import { formatCount, formatUnits } from '@/components/format';
import { Result } from '@/components/live/result';
import { useLive } from '@/components/live/use-live';
import type { RunProgress, ScoringReading } from '../scoring-reading';

/**
 * Which model is active, which one's scores are shown, and the progress of the run that scores the customers: kept up to
 * date, and with it the page.
 */
export function LiveScoring({
  initial,
  pageHref,
  heading,
  quiet = false,
}: {
  readonly initial: ScoringReading;
  readonly pageHref: string;
  /** The line is the heading with this id, and the result of “Score all now”, with a new mark for each run. */
  readonly heading?: { readonly id: string; readonly mark: string };
  /** Changes are not announced. */
  readonly quiet?: boolean;
}) {
  const { reading, polling } = useLive(initial, { href: '/scoring/status', pageHref, quiet });
  return (
    <>
      {reading.standing === null ? null : heading ? (
        <Result name="scoring" {...heading} words={reading.words} className="text-sm">
          {reading.standing}
        </Result>
      ) : (
        <p className="text-sm font-medium">{reading.standing}</p>
      )}
      {reading.run ? <Progress run={reading.run} /> : null}
      {polling}
    </>
  );
}

function Progress({ run }: { readonly run: RunProgress }) {
  const words = `${formatCount(run.rowsDone)} of ${formatUnits(run.rowsTotal, 'customer')} scored`;
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
          className="h-full bg-running"
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
