import type { ReactNode } from 'react';
import { classNames } from './class-names';
import { StatusIcon } from './status';
import { type Tone, textOf } from './tones';

const grounds: Readonly<Record<Tone, string>> = {
  done: 'border-done bg-done-tint',
  running: 'border-running bg-running-tint',
  warning: 'border-warning bg-warning-tint',
  failed: 'border-failed bg-failed-tint',
  neutral: 'border-neutral bg-neutral-tint',
};

/** A notice next to the content, with the colour and icon of its tone. A failure is announced at once. */
export function Notice({
  tone = 'neutral',
  title,
  children,
  actions,
}: {
  readonly tone?: Tone;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div
      role={tone === 'failed' ? 'alert' : 'status'}
      className={classNames(
        'flex flex-wrap items-start gap-x-6 gap-y-3 border-l-2 px-4 py-3 text-sm',
        grounds[tone],
      )}
    >
      <div className="flex min-w-0 flex-1 basis-72 gap-2.5">
        <span className={classNames('mt-[0.1875rem]', textOf[tone])}>
          <StatusIcon tone={tone} className="size-4" />
        </span>
        <div className="min-w-0 flex-1">
          <p className={classNames('font-semibold', tone === 'neutral' ? 'text-ink' : textOf[tone])}>
            {title}
          </p>
          {children ? <div className="mt-0.5 text-ink">{children}</div> : null}
        </div>
      </div>
      {actions}
    </div>
  );
}
