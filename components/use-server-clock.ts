import { useEffect, useState } from 'react';

/**
 * The server's clock, ms: advanced every `stepMs` from `newest`, the time of the newest reading (ISO 8601), so that a wrong local
 * clock does not matter.
 */
export function useServerClock(newest: string, stepMs: number): number {
  const [now, setNow] = useState(() => Date.parse(newest));
  useEffect(() => {
    const read = Date.parse(newest);
    const seen = performance.now();
    setNow(read);
    const timer = setInterval(() => setNow(read + performance.now() - seen), stepMs);
    return () => clearInterval(timer);
  }, [newest, stepMs]);
  return now;
}
