import {
  CostExplorerClient,
  DataUnavailableException,
  GetCostAndUsageCommand,
  type GetCostAndUsageCommandInput,
  type GetCostAndUsageCommandOutput,
  LimitExceededException,
} from '@aws-sdk/client-cost-explorer';
import { z } from 'zod';
import type { BillLine, BillReader } from '@/lib/domain/costs/ports';
import { type Month, startOfMonth } from '@/lib/domain/month';
import { addDays, utcDay } from '@/lib/domain/time';
import { AnnexError } from '@/lib/errors';
import { portalClient } from '../core/clients';
import { aws } from '../core/errors';

const metric = 'UnblendedCost';
/** The latest days among which there is one with costs, unless AWS is very late or nothing costs anything. */
const daysBack = 7;

/** USD as Cost Explorer writes it; a tiny amount may have an exponent. */
const amount = z.string().regex(/^-?\d{1,12}(\.\d{1,30})?([eE]-?\d{1,3})?$/);
const unnamed = 'Another service';
const serviceName = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u)
  .catch(unnamed);
const group = z.object({
  // An account that is none, such as `NoLinkedAccount`, is no tenant’s.
  Keys: z.tuple([z.string(), serviceName]),
  Metrics: z.object({ [metric]: z.object({ Amount: amount, Unit: z.literal('USD') }) }),
});

/** The bill by Cost Explorer, under the portal’s own role in the management account. */
export function billReader(): BillReader {
  return {
    async page(from, until, cursor) {
      const answer = await ask({
        TimePeriod: { Start: utcDay(startOfMonth(from)), End: dayAfter(until) },
        Granularity: 'MONTHLY',
        Metrics: [metric],
        GroupBy: [
          { Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' },
          { Type: 'DIMENSION', Key: 'SERVICE' },
        ],
        NextPageToken: cursor,
      });
      return { lines: linesOf(answer), next: answer.NextPageToken || undefined };
    },
    async newestDay(until) {
      const { ResultsByTime = [] } = await ask({
        TimePeriod: { Start: utcDay(addDays(until, -daysBack)), End: dayAfter(until) },
        Granularity: 'DAILY',
        Metrics: [metric],
      });
      const withCosts = ResultsByTime.filter(({ Total }) => Number(Total?.[metric]?.Amount ?? 0) !== 0);
      return withCosts.at(-1)?.TimePeriod?.Start ?? null;
    },
  };
}

/** Cost Explorer’s ends are exclusive. */
const dayAfter = (day: Date): string => utcDay(addDays(day, 1));

const ask = (input: GetCostAndUsageCommandInput): Promise<GetCostAndUsageCommandOutput> =>
  aws('reading the bill', async () => {
    try {
      return await portalClient(CostExplorerClient).send(new GetCostAndUsageCommand(input));
    } catch (error) {
      throw inOurWords(error);
    }
  });

function inOurWords(cause: unknown): unknown {
  // Elsewhere it means a quota that somebody has to raise; here it passes.
  if (cause instanceof LimitExceededException) {
    return new AnnexError('throttled', 'AWS throttled requests while reading the bill.', { cause });
  }
  if (!(cause instanceof DataUnavailableException)) return cause;
  const text =
    'Cost Explorer has no data yet. It has some about 24 hours after it was enabled in the management account.';
  return new AnnexError('dependency_failed', text, { cause });
}

function linesOf({ ResultsByTime = [] }: GetCostAndUsageCommandOutput): readonly BillLine[] {
  return ResultsByTime.flatMap(({ TimePeriod, Groups = [], Estimated }) => {
    const month: Month = `${TimePeriod?.Start?.slice(0, 7)}-01`;
    return Groups.map((given): BillLine => {
      const parsed = group.safeParse(given);
      // A figure that is left out would make a total that is too low.
      if (!parsed.success || Number.isNaN(startOfMonth(month).getTime())) {
        throw new AnnexError(
          'dependency_failed',
          'Cost Explorer sent a figure that Annex does not understand.',
        );
      }
      const { Keys, Metrics } = parsed.data;
      const [accountId, service] = Keys;
      return { accountId, month, service, usd: Metrics[metric].Amount, estimated: Estimated ?? true };
    });
  });
}
