import { isAnnexError } from '@/lib/errors';
import { startOfDay } from '../extracts/capacity';
import { openSince } from '../extracts/limits';
import { presentEndpoints } from '../models/endpoint-limit';
import type { TenantPorts } from '../ports';
import type { TenantUse, Use } from './ports';

/** What counting needs of a tenant. */
export type CountedPorts = Pick<TenantPorts, 'people' | 'extracts' | 'endpoints' | 'models' | 'workbenches'>;

/** Counts what the tenant uses now. What cannot be counted says why, so that the rest is still told. */
export async function useOf(ports: CountedPorts, now: Date): Promise<TenantUse> {
  const { people, extracts, endpoints, models, workbenches } = ports;
  const live = workbenches.live();
  const [peopleUse, perDay, runs, hosted, variant] = await Promise.all([
    counted(() => people.count()),
    counted(async () => (await extracts.store.requestedSince(startOfDay(now))).length),
    counted(async () => {
      const open = await extracts.store.open(openSince(now));
      return open.filter(({ state }) => state === 'running').length;
    }),
    counted(async () =>
      (await live)?.accountId ? models.countEndpoints(await presentEndpoints(endpoints)) : 0,
    ),
    orRefused(async () => (await live)?.variant ?? null),
  ]);
  return {
    uses: { people: peopleUse, extractsPerDay: perDay, runsAtOnce: runs, endpoints: hosted },
    variant: 'value' in variant && variant.value ? { id: variant.value.id, name: variant.value.name } : null,
    variantRefusal: 'refusal' in variant ? variant.refusal : null,
  };
}

async function counted(count: () => Promise<number>): Promise<Use> {
  const outcome = await orRefused(count);
  return 'refusal' in outcome ? outcome : { count: outcome.value };
}

/** What `work` gives, or the words of a refusal by what it depends on. Throws anything else. */
async function orRefused<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly refusal: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (isAnnexError(error, 'dependency_denied', 'dependency_failed', 'throttled', 'not_found', 'conflict'))
      return { refusal: error.message };
    throw error;
  }
}
