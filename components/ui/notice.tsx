import type { ReactNode } from 'react';
import { classNames } from './class-names';

/** A notice next to the content: `note` informs, `alarm` reports a failure. */
export function Notice({
  tone = 'note',
  title,
  children,
  actions,
}: {
  readonly tone?: 'note' | 'alarm';
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  const alarm = tone === 'alarm';
  return (
    <div
      role={alarm ? 'alert' : 'status'}
      className={classNames(
        'flex flex-wrap items-start gap-x-6 gap-y-3 border-l-2 px-4 py-3 text-sm',
        alarm ? 'border-alarm bg-alarm-tint' : 'border-mark bg-tint',
      )}
    >
      <div className="min-w-0 flex-1 basis-72">
        <p className={classNames('font-semibold', alarm && 'text-alarm')}>{title}</p>
        {children ? <div className="mt-0.5 text-ink">{children}</div> : null}
      </div>
      {actions}
    </div>
  );
}
