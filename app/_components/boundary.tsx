'use client';

import { type ReactNode, Suspense, useState } from 'react';

/**
 * Shows `fallback` while `children` load if it was mounted `streamed`. What it is at first, it stays: a boundary that
 * appeared or went at a refresh would mount its content anew, and with it fields, focus and scroll position. Without
 * one, React keeps what is shown until the refreshed content is there.
 */
export function Boundary({
  streamed,
  fallback,
  children,
}: {
  readonly streamed: boolean;
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}) {
  const [suspends] = useState(streamed);
  return suspends ? <Suspense fallback={fallback}>{children}</Suspense> : children;
}
