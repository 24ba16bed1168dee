import { accountsOf } from '../control-tower/accounts';
import type { StandIn } from '../core/service';
import { allUsage } from './meter';
import { type Period, startOf } from './periods';
import { storage } from './prices';

export const groupKeys = ['LINKED_ACCOUNT', 'SERVICE'] as const;
export type GroupKey = (typeof groupKeys)[number];

/** Costs of one group. */
interface Group {
  readonly keys: readonly string[];
  readonly usd: number;
}

/** Something that costs while it lasts. */
interface Charge {
  readonly accountId: string;
  readonly service: string;
  readonly usdPerHour: number;
  readonly from: number;
  readonly until: number | null;
}

const hourMs = 3600_000;

/**
 * The costs of each period up to the instant `until`, ms, by group; groups without costs are left out, as AWS does. The management
 * account sees every account, another one itself.
 */
export async function costsOf(
  standIn: StandIn,
  caller: string,
  periods: readonly Period[],
  groupBy: readonly GroupKey[],
  until: number,
): Promise<readonly (readonly Group[])[]> {
  const seen = (accountId: string) => caller === standIn.portalAccountId || accountId === caller;
  const charges = [...(await allUsage(standIn)), ...(await stored(standIn))].filter((charge) =>
    seen(charge.accountId),
  );
  return periods.map((period) => {
    const sums = new Map<string, Group>();
    for (const charge of charges) {
      const usd = charge.usdPerHour * hoursWithin(charge, period, until);
      if (usd <= 0) continue;
      const keys = groupBy.map((key) => (key === 'SERVICE' ? charge.service : charge.accountId));
      const id = keys.join('\n');
      sums.set(id, { keys, usd: usd + (sums.get(id)?.usd ?? 0) });
    }
    return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  });
}

function hoursWithin(charge: Charge, { start, end }: Period, until: number): number {
  const from = Math.max(charge.from, startOf(start));
  const to = Math.min(charge.until ?? until, until, startOf(end));
  return Math.max(0, to - from) / hourMs;
}

/** Objects of the buckets of vended accounts. One that was deleted costs nothing any more, which AWS would still bill. */
async function stored(standIn: StandIn): Promise<readonly Charge[]> {
  const { s3 } = standIn.services;
  const charges: Charge[] = [];
  for (const { accountId } of await accountsOf(standIn)) {
    for (const bucket of await s3.bucketsOf(accountId)) {
      for (const { bytes, modifiedAt } of await s3.objects(bucket, 10_000)) {
        const usdPerHour = bytes * storage.usdPerByteHour;
        const from = Date.parse(modifiedAt);
        charges.push({ accountId, service: storage.service, usdPerHour, from, until: null });
      }
    }
  }
  return charges;
}
