import Link from 'next/link';
import { formatUnits } from '@/components/format';
import { buttonStyle } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { StatusIcon } from '@/components/ui/status';
import { type Tone, textOf } from '@/components/ui/tones';
import { nextStep, type SetupStep, type SetupStepState } from '@/lib/domain/overview/steps';
import { stepHref, stepWords } from '../words';

const stateWords: Readonly<Record<SetupStepState, string>> = {
  done: 'Done',
  current: 'Next',
  'under way': 'Under way',
  failed: 'Failed',
  open: 'Later',
  unknown: 'Unknown',
};

/** The way to an own active model, step by step. The step that the reader is to take next has the one primary button. */
export function Checklist({ steps }: { readonly steps: readonly SetupStep[] }) {
  const next = nextStep(steps);
  const done = steps.filter(({ state }) => state === 'done').length;
  return (
    <section className="space-y-3" aria-labelledby="setup">
      <div className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-1">
        <h2 id="setup" className="text-lg">
          {steps.length > 1 ? 'From your orders to your own model' : 'Before there are scores'}
        </h2>
        {steps.length > 1 ? (
          <p className="figures text-sm text-muted">
            {done} of {formatUnits(steps.length, 'step')} done
          </p>
        ) : null}
      </div>
      <ol className="divide-y divide-line border border-line bg-plate">
        {steps.map((step) => (
          <Step key={step.name} step={step} next={next} />
        ))}
      </ol>
    </section>
  );
}

function Step({
  step,
  next,
}: {
  readonly step: SetupStep;
  /** The one that the reader is to take next; null: none. */
  readonly next: SetupStep | null;
}) {
  const { name, state, reason, by } = step;
  const { title, what } = stepWords[name];
  const isNext = step === next;
  const waits = state === 'open' || state === 'unknown';
  return (
    <li
      aria-current={isNext ? 'step' : undefined}
      className={classNames(
        'grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-4 px-4 py-4 sm:px-6',
        isNext && 'bg-next-tint shadow-[inset_2px_0_0_var(--color-next)]',
      )}
    >
      <StateMark state={state} />
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h3 className={classNames('leading-5', waits && 'font-medium text-muted')}>
            {title}
            <span
              className={classNames(
                'ml-3 text-sm font-normal',
                state === 'failed' ? 'text-failed' : 'text-muted',
              )}
            >
              {stateWords[state]}
              {by !== null && state !== 'done' ? `, by ${by}` : null}
            </span>
          </h3>
          {state === 'done' ? null : <p className="mt-0.5 text-sm text-muted">{what}</p>}
          {reason ? (
            <p
              className={classNames(
                'mt-2 border-l-2 pl-3 text-sm',
                state === 'failed' ? 'border-failed' : 'border-edge',
              )}
            >
              {reason}
            </p>
          ) : null}
        </div>
        <StepLink step={step} isNext={isNext} />
      </div>
    </li>
  );
}

function StepLink({ step, isNext }: { readonly step: SetupStep; readonly isNext: boolean }) {
  const { name, state, by } = step;
  if (by !== null || state === 'done' || state === 'open' || state === 'unknown') return null;
  const words = { current: stepWords[name].verb, 'under way': 'See progress', failed: 'See what failed' }[
    state
  ];
  return (
    <Link href={stepHref(step)} prefetch={false} className={buttonStyle(isNext ? 'primary' : 'plain')}>
      {words}
    </Link>
  );
}

const toneOf: Readonly<Partial<Record<SetupStepState, Tone>>> = {
  done: 'done',
  'under way': 'running',
  failed: 'failed',
};

function StateMark({ state }: { readonly state: SetupStepState }) {
  const tone = toneOf[state];
  if (tone) {
    return (
      <span className={textOf[tone]}>
        <StatusIcon tone={tone} className="size-5" />
      </span>
    );
  }
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className="size-5 shrink-0">
      <circle
        cx="10"
        cy="10"
        r="8.25"
        strokeWidth="1.5"
        className={classNames('fill-none', state === 'current' ? 'stroke-ink' : 'stroke-edge')}
      />
    </svg>
  );
}
