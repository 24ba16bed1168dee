import type { Stage } from './record';

/** Whether one more request of a stage fits into its limits. */
export function createThrottle(now: () => number = () => performance.now()) {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (key: string, { rate, burst }: Stage): boolean => {
    if (rate === null && burst === null) return true;
    const capacity = burst ?? Math.ceil(rate ?? 0);
    const before = buckets.get(key) ?? { tokens: capacity, at: now() };
    const added = ((now() - before.at) / 1000) * (rate ?? capacity);
    const tokens = Math.min(capacity, before.tokens + added);
    buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now() });
    return tokens >= 1;
  };
}
