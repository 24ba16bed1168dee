'use client';

import type { ReactNode } from 'react';
import { useFormStatus } from 'react-dom';
import { Button } from './button';

/** Submits its form once: while pending, it says so and ignores further presses. */
export function SubmitButton({
  children,
  pendingLabel,
  variant = 'primary',
}: {
  readonly children: ReactNode;
  readonly pendingLabel: string;
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
