import { monthBefore, monthOf } from '@/lib/domain/month';
import { controlVerb } from '@/lib/domain/verb';
import type { BillStanding, CostPage } from '../ports';
import { costQuery } from '../schemas';

/** A page of what tenants cost, and how old the bill is. */
export interface CostList extends CostPage {
  readonly bill: BillStanding;
  readonly month: string;
}

/**
 * One page of what tenants cost this month and the last one, from what Annex has read and measured. Throws `forbidden`; `invalid` for an
 * invalid search or cursor.
 */
export const listCosts = controlVerb('costs.list', costQuery, async (ctx, query): Promise<CostList> => {
  const now = ctx.now();
  const month = monthOf(now);
  const { billBook } = ctx.ports;
  const [page, bill] = await Promise.all([
    billBook.list({ ...query, month, before: monthBefore(now) }),
    billBook.standing(),
  ]);
  return { ...page, bill, month };
});
