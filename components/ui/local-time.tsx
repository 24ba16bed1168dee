'use client';

import { useSyncExternalStore } from 'react';
import { formatInstant, type InstantStyle } from '../format';

const never = () => () => {};

/** An instant in the reader's time zone, with UTC on hover. Without JavaScript, and until it runs: UTC. */
export function LocalTime({ at, style = 'minute' }: { readonly at: string; readonly style?: InstantStyle }) {
  const instant = new Date(at);
  const utc = formatInstant(instant, style, 'UTC');
  const text = useSyncExternalStore(
    never,
    () => formatInstant(instant, style),
    () => utc,
  );
  return (
    <time dateTime={at} title={`${utc} UTC`} className="figures whitespace-nowrap">
      {text}
      <noscript> UTC</noscript>
    </time>
  );
}
