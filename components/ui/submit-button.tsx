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
}: {
  readonly children: ReactNode;
  readonly pendingLabel: string;
  readonly leadsTo: readonly ResultName[];
  readonly variant?: 'primary' | 'plain';
}) {
  const { pending } = useFormStatus();
  return (
    <Button
      type="submit"
      variant={variant}
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
