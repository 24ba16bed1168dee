import { formatCount } from '@/components/format';
import type { LimitChange } from '@/lib/domain/plans/differences';
import { limitWords } from '@/lib/domain/plans/limits';
import type { BudgetBrake, CountedLimit, PlanLimits } from '@/lib/domain/plans/ports';
import type { WordedChange } from '../_components/change-list';
import { plansPage } from './page-info';

/** Names of workbenches by their product ids. */
export type VariantNames = Readonly<Record<string, string>>;

/** What happens when the budget is used up. */
export const brakeWords: Readonly<Record<BudgetBrake, { readonly name: string; readonly about: string }>> = {
  warn: { name: 'Warn', about: 'Owners are warned at 80% and at 100% of the budget. Nothing stops.' },
  stop: {
    name: 'Stop',
    about: 'Owners are warned at 80%. At 100%, launches and extracts are refused, and apps are stopped.',
  },
};

/** `No limit`, `1,000` or, of money, `$1,000`. */
export const limitValue = (limit: CountedLimit, value: number | null): string => {
  if (value === null) return 'No limit';
  return limit === 'monthlyBudgetUsd' ? `$${formatCount(value)}` : formatCount(value);
};

/** `All`, or the names of the workbenches. */
const variantsValue = (variants: PlanLimits['variants'], names: VariantNames): string =>
  variants === null ? 'All' : variants.map((id) => nameOf(names, id)).join(', ');

/** The name of a workbench; its id where Service Catalog no longer tells a name. */
const nameOf = (names: VariantNames, id: string): string =>
  (Object.hasOwn(names, id) ? names[id] : undefined) ?? id;

/** Each change of a version in words. */
export const changesIn = (changes: readonly LimitChange[], names: VariantNames): readonly WordedChange[] =>
  changes.map((change) => {
    switch (change.limit) {
      case 'variants':
        return {
          what: 'Workbenches',
          from: variantsValue(change.from, names),
          to: variantsValue(change.to, names),
        };
      case 'budgetBrake':
        return {
          what: 'At the budget',
          from: brakeWords[change.from].name,
          to: brakeWords[change.to].name,
        };
      default:
        return {
          what: limitWords[change.limit].name,
          from: limitValue(change.limit, change.from),
          to: limitValue(change.limit, change.to),
        };
    }
  });

/** The page of a plan; `saved`: what was just done there. */
export const planHref = (id: string, saved?: string): string =>
  `${plansPage.path}/${encodeURIComponent(id)}${saved === undefined ? '' : `?saved=${saved}`}`;
