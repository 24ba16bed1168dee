'use client';

import type { ReactNode } from 'react';
import { useFormStatus } from 'react-dom';
import { expectResult, type ResultName } from '../live/expected';
import { Button } from './button';

/**
 * Submits its form once: while pending, it says so and ignores further presses. What it `leadsTo` gets the focus once it is
 * shown.
 */
export function SubmitButton({
  children,
  pendingLabel,
  leadsTo,
  variant = 'primary',
  wraps = false,
  name,
  value,
}: {
  readonly children: ReactNode;
  readonly pendingLabel: string;
  readonly leadsTo: readonly ResultName[];
  readonly variant?: 'primary' | 'plain';
  /** For a label with a name in it, which may be longer than a phone is wide. */
  readonly wraps?: boolean;
  /** What the form says when this button of several is pressed. */
  readonly name?: string;
  readonly value?: string;
}) {
  const { pending } = useFormStatus();
  return (
    <Button
      type="submit"
      name={name}
      value={value}
      variant={variant}
      className={wraps ? 'h-auto! min-h-9 max-w-full py-1.5 whitespace-normal! [overflow-wrap:anywhere]' : ''}
      aria-disabled={pending}
      onClick={(event) => {
        if (pending) event.preventDefault();
        else expectResult(leadsTo);
      }}
    >
      {/* Both labels take up space, so that the button keeps its width. */}
      <span className="grid">
        <span className={pending ? 'invisible col-start-1 row-start-1' : 'col-start-1 row-start-1'}>
          {children}
        </span>
        <span
          aria-live="polite"
          className={pending ? 'col-start-1 row-start-1' : 'invisible col-start-1 row-start-1'}
        >
          {pendingLabel}
        </span>
      </span>
    </Button>
  );
}
