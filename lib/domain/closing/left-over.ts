import { AnnexError, isAnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import { rateOf } from '../running/cost';
import type { LeftOver, Refused } from './ports';

/** Whether AWS denies something for good. */
export const isFinalDenial = (error: unknown): error is AnnexError =>
  isAnnexError(error, 'dependency_denied') && !error.transient;

/** What AWS refused to delete, with what each costs an hour at the price list. */
export async function priced(ctx: TenantContext, refused: readonly Refused[]): Promise<readonly LeftOver[]> {
  if (refused.length === 0) return [];
  const prices = await pricesOf(ctx);
  return refused.map(({ what, reason, runs }) => ({
    what,
    reason,
    usdPerHour: runs === null ? 0 : (prices.get(`${runs.kind}/${runs.name}`) ?? null),
  }));
}

/** Of what runs, by kind and name. What has no price, or is not told, is not among them. */
async function pricesOf({ ports }: TenantContext): Promise<ReadonlyMap<string, number>> {
  try {
    const [endpoints, apps] = await Promise.all([ports.running.endpoints(), ports.running.apps()]);
    const named = [
      ...endpoints.items.map((item) => [`endpoint/${item.name}`, rateOf(item)] as const),
      ...apps.items.map((item) => [`app/${item.owner.name}/${item.name}`, rateOf(item)] as const),
    ];
    return new Map(
      named.flatMap(([name, { usd, unpriced }]) => (unpriced.length === 0 ? [[name, usd] as const] : [])),
    );
  } catch (error) {
    if (!(error instanceof AnnexError)) throw error;
    return new Map();
  }
}
