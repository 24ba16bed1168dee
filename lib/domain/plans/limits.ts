import { AnnexError } from '@/lib/errors';
import type { CountedLimit, PlanInForce } from './ports';

/** What each limit counts, in words: `5 people`. */
export const limitWords: Readonly<
  Record<
    CountedLimit,
    { readonly name: string; readonly one: string; readonly many: string; readonly meaning: string }
  >
> = {
  people: {
    name: 'People',
    one: 'person',
    many: 'people',
    meaning: 'Users of the tenant, those who were invited included.',
  },
  extractsPerDay: {
    name: 'Extracts a day',
    one: 'extract a day',
    many: 'extracts a day',
    meaning:
      'Extracts that may be submitted in a day in UTC, whatever becomes of them. A retry does not count.',
  },
  runsAtOnce: {
    name: 'Runs at once',
    one: 'run at once',
    many: 'runs at once',
    meaning: 'Extracts that are written at the same time. Further ones wait in the queue.',
  },
  endpoints: {
    name: 'Endpoints',
    one: 'endpoint',
    many: 'endpoints',
    meaning: 'Endpoints of models that were activated here and are still there.',
  },
  monthlyBudgetUsd: {
    name: 'Monthly budget',
    one: 'US dollar a month',
    many: 'US dollars a month',
    meaning: 'What the tenant’s account may cost in a calendar month, in US dollars.',
  },
};

/** `5 people`, `1 extract a day`. */
const counted = (limit: CountedLimit, count: number): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? limitWords[limit].one : limitWords[limit].many}`;

/** Whether one more exceeds the limit. */
export const isReached = ({ limits }: PlanInForce, limit: CountedLimit, use: number): boolean => {
  const most = limits[limit];
  return most !== null && use >= most;
};

/**
 * The error for one too many. It names the plan, the limit and the use (`There are 7 now.`), what was kept, and who can change it. `field`
 * is the form's.
 */
export function limitReached(
  { name, limits }: PlanInForce,
  limit: CountedLimit,
  { use, kept, field }: { readonly use: string; readonly kept: string; readonly field?: string },
): AnnexError {
  const text = `Your plan, ${name}, allows ${counted(limit, limits[limit] ?? 0)}. ${use} ${kept} An administrator can change the plan.`;
  return new AnnexError('conflict', text, field === undefined ? {} : { fields: { [field]: text } });
}

/** Whether the plan lets people request the variant. */
export const includesVariant = ({ limits }: Pick<PlanInForce, 'limits'>, variantId: string): boolean =>
  limits.variants === null || limits.variants.includes(variantId);
