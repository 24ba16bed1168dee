import { useEffect, useState } from 'react';
import { whenIdle } from '../when-idle';
import type { Poller } from './poller';
import { Refused } from './reading';

/** The code that polls, once it is `wanted` and loaded; or the failure to load it. */
export function usePoller(wanted: boolean): readonly [typeof Poller | null, Error | null] {
  const [module, setModule] = useState<{ readonly Poller: typeof Poller } | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  useEffect(() => {
    if (!wanted) return;
    return whenIdle(() => {
      import('./poller').then(setModule, () => setFailure(new Refused(0, '')));
    });
  }, [wanted]);
  return [module?.Poller ?? null, failure];
}
