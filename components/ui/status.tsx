import type { ReactNode } from 'react';
import { classNames } from './class-names';
import { type Tone, textOf } from './tones';

/** A state: its icon and its words in the colour of `tone`. */
export function Status({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={classNames('inline-flex items-baseline gap-1.5 font-medium', textOf[tone])}>
      <StatusIcon tone={tone} className="size-4 self-center" />
      <span className="min-w-0">{children}</span>
    </span>
  );
}

/** The icon of `tone`, in the colour of the text. Each has a shape of its own, so none depends on its colour. */
export function StatusIcon({ tone, className }: { readonly tone: Tone; readonly className: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      className={classNames('shrink-0', className)}
    >
      {shapes[tone]}
    </svg>
  );
}

const ring = <circle cx="8" cy="8" r="6.5" />;

const shapes: Readonly<Record<Tone, ReactNode>> = {
  done: (
    <>
      {ring}
      <path d="m5 8.2 2.1 2.1L11 6" />
    </>
  ),
  running: (
    <>
      {ring}
      <circle cx="8" cy="8" r="3" fill="currentColor" stroke="none" className="pulse" />
    </>
  ),
  warning: <path d="M8 1.8 14.8 14H1.2ZM8 6v4m0 1.2v1.4" />,
  failed: <path d="M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2ZM5.6 5.6l4.8 4.8m0-4.8-4.8 4.8" />,
  neutral: <path d="M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 1 1 0-13M5 8h6" />,
};
