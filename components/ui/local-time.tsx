'use client';

import { useSyncExternalStore } from 'react';
import { formatZoned } from '../format';

const never = () => () => {};

/** An instant in the reader's time zone, which it names, with UTC on hover. Without JavaScript, and until it runs: UTC. */
export function LocalTime({
  at,
  style = 'minute',
}: {
  readonly at: string;
  readonly style?: 'minute' | 'second';
}) {
  const instant = new Date(at);
  const utc = formatZoned(instant, style, 'UTC');
  const text = useSyncExternalStore(
    never,
    () => formatZoned(instant, style),
    () => utc,
  );
  return (
    <time dateTime={at} title={utc} className="figures whitespace-nowrap">
      {text}
    </time>
  );
}
