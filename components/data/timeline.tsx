import { formatDuration, formatUnits } from '../format';
import type { Reading } from '../live/reading';
import { classNames } from '../ui/class-names';
import { LocalTime } from '../ui/local-time';
import { StatusIcon } from '../ui/status';
import { type Tone, textOf } from '../ui/tones';

/** One step of long work. Instants are ISO 8601. */
export interface TimelineStep {
  readonly name: string;
  readonly title: string;
  readonly purpose: string;
  readonly state: 'pending' | 'running' | 'done' | 'failed';
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** Why it failed. */
  readonly reason: string | null;
  /** The median length of past runs, ms, and how many; null before there is one. */
  readonly usual: { readonly ms: number; readonly runs: number } | null;
}

/** What a poll of long work answers. */
export interface TimelineReading extends Reading {
  readonly steps: readonly TimelineStep[];
}

const stateWords: Readonly<Record<TimelineStep['state'], string>> = {
  pending: 'Pending',
  running: 'In progress',
  done: 'Done',
  failed: 'Failed',
};

const tones: Readonly<Record<TimelineStep['state'], Tone>> = {
  pending: 'neutral',
  running: 'running',
  done: 'done',
  failed: 'failed',
};

/** Steps in order, each with its state, times and duration until `now`. */
export function Timeline({ steps, now }: { readonly steps: readonly TimelineStep[]; readonly now: number }) {
  return (
    <ol className="border border-line bg-plate px-5 py-5 sm:px-8">
      {steps.map((step, index) => (
        <Step key={step.name} step={step} last={index === steps.length - 1} now={now} />
      ))}
    </ol>
  );
}

function Step({
  step,
  last,
  now,
}: {
  readonly step: TimelineStep;
  readonly last: boolean;
  readonly now: number;
}) {
  const { state, startedAt, finishedAt, reason, usual } = step;
  const length = startedAt ? (finishedAt ? Date.parse(finishedAt) : now) - Date.parse(startedAt) : null;
  return (
    <li className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-4">
      <div className={classNames('flex flex-col items-center', textOf[tones[state]])}>
        <StatusIcon tone={tones[state]} className="size-5" />
        {last ? null : (
          <span className={classNames('my-1 w-px grow', state === 'done' ? 'bg-done' : 'bg-line')} />
        )}
      </div>
      <div className={classNames('grid gap-x-8 sm:grid-cols-[minmax(0,1fr)_18rem]', !last && 'pb-7')}>
        <div>
          <h3 className={classNames('leading-5', state === 'pending' && 'font-medium text-muted')}>
            {step.title}
          </h3>
          <p className="mt-0.5 text-sm text-muted">{step.purpose}</p>
          {reason ? <p className="mt-2 border-l-2 border-failed pl-3 text-sm">{reason}</p> : null}
          {state === 'running' && usual && length !== null && length > 3 * usual.ms ? (
            <p className="mt-2 border-l-2 border-warning pl-3 text-sm">
              This step takes more than three times as long as usual. AWS may be slow; Annex keeps looking.
            </p>
          ) : null}
        </div>
        <dl className="figures mt-1 grid min-h-16 grid-cols-[4.5rem_1fr] content-start gap-x-3 text-sm sm:mt-0">
          <dt className="text-muted">State</dt>
          <dd className={classNames('font-medium', textOf[tones[state]])}>{stateWords[state]}</dd>
          {startedAt ? (
            <>
              <dt className="text-muted">Started</dt>
              <dd>
                <LocalTime at={startedAt} style="second" />
              </dd>
            </>
          ) : null}
          {length === null ? null : (
            <>
              <dt className="text-muted">{state === 'running' ? 'Elapsed' : 'Took'}</dt>
              <dd>{formatDuration(length)}</dd>
            </>
          )}
          {usual ? (
            <>
              <dt className="text-muted">Usually</dt>
              <dd>
                {formatDuration(usual.ms)}{' '}
                <span className="text-muted">({formatUnits(usual.runs, 'run')})</span>
              </dd>
            </>
          ) : null}
        </dl>
      </div>
    </li>
  );
}
