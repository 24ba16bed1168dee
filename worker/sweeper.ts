import { randomUUID } from 'node:crypto';
import { controlContextForSystem } from '@/lib/deps';
import { sweepExtracts } from '@/lib/domain/extracts/sweep-extracts';
import { sweepScoring } from '@/lib/domain/scoring/sweep-scoring';
import { sweepWorkbenches } from '@/lib/domain/workbench/sweep-workbenches';
import { log } from '@/lib/log';

/** Of the sweep interval: longer than the longest pause between two looks at a workbench or an extract, at the usual interval. */
const untouchedIntervals = 6;

/** Looks for workbenches and extracts that stand still and for endpoints that are due for a look, every `seconds`. Returns how to stop it; resolves when it has. */
export function startSweeping(seconds: number): () => Promise<void> {
  let current: Promise<void> | null = null;
  const sweep = async () => {
    const ctx = controlContextForSystem(`sweep-${randomUUID()}`);
    // Each by itself: a store that is away stops the sweep of what is in it, and no other.
    await surviving('workbenches', async () => {
      const resumed = await sweepWorkbenches(ctx, { untouchedSeconds: seconds * untouchedIntervals });
      if (resumed > 0) log.info({ resumed }, 'workbenches were taken up by the sweep');
    });
    await surviving('extracts', async () => {
      const resumed = await sweepExtracts(ctx, { untouchedSeconds: seconds * untouchedIntervals });
      if (resumed > 0) log.info({ resumed }, 'extracts were taken up by the sweep');
    });
    await surviving('scoring', () => sweepScoring(ctx, undefined));
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

async function surviving(sweep: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    log.warn({ err: error, sweep }, 'the sweep failed and is repeated');
  }
}
