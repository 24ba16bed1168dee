'use client';

import { formatCount } from '@/components/format';
import { useLive } from '@/components/live/use-live';
import type { RunProgress, ScoringReading } from '../scoring-reading';

/** The progress of the run that scores the customers, kept up to date, and with it the page. */
export function LiveScoring({
  initial,
  pageHref,
}: {
  readonly initial: ScoringReading;
  readonly pageHref: string;
}) {
  const { reading, polling } = useLive(initial, { href: '/scoring/status', pageHref });
  return (
    <>
      {reading.run ? <Progress run={reading.run} /> : null}
      {polling}
    </>
  );
}

function Progress({ run }: { readonly run: RunProgress }) {
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
