import { randomUUID } from 'node:crypto';
import { controlContextForSystem } from '@/lib/deps';
import { sweepWorkbenches } from '@/lib/domain/workbench/sweep-workbenches';
import { log } from '@/lib/log';

/** Of the sweep interval: longer than the longest pause between two looks at a workbench, at the usual interval. */
const untouchedIntervals = 6;

/** Looks for workbenches that stand still, every `seconds`. Returns how to stop it; resolves when it has. */
export function startSweeping(seconds: number): () => Promise<void> {
  let current: Promise<void> | null = null;
  const sweep = async () => {
    try {
      const ctx = controlContextForSystem(`sweep-${randomUUID()}`);
      const resumed = await sweepWorkbenches(ctx, { untouchedSeconds: seconds * untouchedIntervals });
      if (resumed > 0) log.info({ resumed }, 'workbenches were taken up by the sweep');
    } catch (error) {
      log.warn({ err: error }, 'the sweep failed and is repeated');
    }
  };
  const tick = () => {
    current ??= sweep().finally(() => {
      current = null;
    });
  };
  const timer = setInterval(tick, seconds * 1000);
  tick();
  return async () => {
    clearInterval(timer);
    await current;
  };
}
