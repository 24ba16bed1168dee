import { createKeyedMutex } from '../core/keyed-mutex';
import type { StandIn } from '../core/service';
import type { Instances, UsageMeter } from '../core/services';
import { pricePerHour, serviceOf } from './prices';

/** What an account used for a while. Times in ms since the epoch. */
export interface Usage {
  readonly accountId: string;
  /** As Cost Explorer names it. */
  readonly service: string;
  readonly usdPerHour: number;
  readonly from: number;
  /** Null: it goes on. */
  readonly until: number | null;
}

const running = 'billing.running';
const ended = 'billing.ended';

/** Keeps from when to when resources ran, also those that are gone. */
export function createMeter(standIn: StandIn, now: () => number = Date.now): UsageMeter {
  const { state } = standIn;
  const withLock = createKeyedMutex();
  return {
    set: (accountId, resource, instances) => {
      const key = `${accountId}/${resource}`;
      const next = usageOf(accountId, instances, now());
      return withLock(key, async () => {
        const before = await state.get<Usage>(running, key);
        if (before?.usdPerHour === next?.usdPerHour) return;
        if (before) await state.put(ended, `${key}/${before.from}`, { ...before, until: now() });
        if (next) await state.put(running, key, next);
        else await state.delete(running, key);
      });
    },
  };
}

/** Everything that any account used or uses. */
export async function allUsage({ state }: StandIn): Promise<readonly Usage[]> {
  const [past, present] = await Promise.all([state.list<Usage>(ended), state.list<Usage>(running)]);
  return [...past, ...present].map(([, usage]) => usage);
}

function usageOf(accountId: string, instances: readonly Instances[], from: number): Usage | null {
  const [first] = instances;
  if (!first) return null;
  const usdPerHour = instances.reduce((sum, { type, count }) => sum + pricePerHour(type) * count, 0);
  return { accountId, service: serviceOf(first.type), usdPerHour, from, until: null };
}
