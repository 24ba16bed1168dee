'use client';

import { formatUnits } from '@/components/format';
import { LocalTime } from '@/components/ui/local-time';
import { Notice } from '@/components/ui/notice';
import { useServerClock } from '@/components/use-server-clock';

/** How long before its end a session is said to end soon, ms. */
const soonMs = 15 * 60_000;

/** When the Studio session ends; from a quarter of an hour before, as a notice. Without JavaScript: as of when the page was made. */
export function SessionNote({ now, endsAt }: { readonly now: string; readonly endsAt: string }) {
  const left = Date.parse(endsAt) - useServerClock(now, 15_000);
  if (left <= 0) {
    return (
      <Notice tone="warning" title="Your Studio session has ended">
        Launch Studio again to go on. Your files are kept.
      </Notice>
    );
  }
  if (left > soonMs) {
    return (
      <p className="text-sm text-muted">
        Your Studio session ends <LocalTime at={endsAt} />.
      </p>
    );
  }
  const minutes = Math.max(1, Math.round(left / 60_000));
  return (
    <Notice tone="warning" title={`Your Studio session ends in ${formatUnits(minutes, 'minute')}`}>
      Save your work. Launching Studio again begins a new session; apps go on running.
    </Notice>
  );
}
