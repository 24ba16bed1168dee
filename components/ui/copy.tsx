import type { ReactNode } from 'react';
import { classNames } from './class-names';

/**
 * A button that copies `text` or, without it, what stands just before the button in the same element. `what` names it. Not
 * offered without JavaScript; `copyOnClick` answers the buttons of the whole page.
 */
export function Copy({ what, text }: { readonly what: string; readonly text?: string }) {
  return (
    <button type="button" data-copy={text ?? ''} aria-label={`Copy ${what}`} title="Copy" className="copy">
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M10.5 5.5v-3h-8v8h3m0-5h8v8h-8z" />
        <path d="m3 8.5 3.5 3.5L13 4.5" />
      </svg>
    </button>
  );
}

/** Something to copy, in the font of code, with its button. */
export function Copyable({
  what,
  className,
  children,
}: {
  readonly what: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <span>
      <span className={classNames('font-mono [overflow-wrap:anywhere]', className)}>{children}</span>
      <Copy what={what} />
    </span>
  );
}
