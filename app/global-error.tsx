'use client';

import { FailurePage, failureTitle } from '@/components/shell/failure';
import './globals.css';

export default function GlobalError({
  error,
  retry,
}: {
  readonly error: unknown;
  readonly retry: () => void;
}) {
  return (
    <html lang="en">
      <body>
        <title>{`${failureTitle} · Annex`}</title>
        <FailurePage error={error} retry={retry} />
      </body>
    </html>
  );
}
