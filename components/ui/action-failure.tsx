'use client';

import { useEffect, useRef } from 'react';
import { expectNothing } from '../live/expected';
import { Notice } from './notice';

/**
 * Says beside a form why its action failed, and takes the focus. `result` is what the action answered; null before it was
 * asked.
 */
export function ActionFailure({
  title,
  result,
}: {
  readonly title: string;
  readonly result:
    | { readonly ok: true }
    | { readonly ok: false; readonly error: { readonly message: string } }
    | null;
}) {
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (result === null || result.ok) return;
    expectNothing();
    notice.current?.focus();
  }, [result]);
  if (result === null || result.ok) return null;
  return (
    <div ref={notice} tabIndex={-1}>
      <Notice tone="alarm" title={title}>
        {result.error.message}
      </Notice>
    </div>
  );
}
