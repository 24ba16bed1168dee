import { AnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import type { CustomerOverview } from '../crm/ports';
import { addDays } from '../time';
import { datasets } from './datasets';
import { featureDate } from './dates';
import type { DateRange, ExtractPolicy, ExtractQuery } from './ports';
import { extractQuery } from './query';
import type { ExtractDraft } from './schemas';

export interface ExtractPlan {
  readonly query: ExtractQuery;
  readonly policy: ExtractPolicy;
  readonly range: DateRange;
  readonly asOf: Date | null;
  readonly overview: CustomerOverview;
}

/** The plan for `draft` under the current policy and order history. Throws `invalid` with the field at fault. */
export async function planExtract(ctx: TenantContext, draft: ExtractDraft): Promise<ExtractPlan> {
  const overview = await ctx.ports.customers.overview();
  const { asOf, ...rest } = draft;
  const range = rangeOf(draft);
  const date = featureDate(draft.dataset, asOf, overview);
  return {
    ...(await planFor(ctx, { ...rest, columns: draft.columns ?? null, range, asOf: date })),
    overview,
  };
}

/** As `planExtract`, for an extract whose dates are already set. */
export async function planFor(
  ctx: TenantContext,
  wanted: Omit<Parameters<typeof extractQuery>[0], 'tenantId' | 'policy'>,
): Promise<Omit<ExtractPlan, 'overview'>> {
  const policy = await ctx.ports.extracts.policies.current(wanted.dataset);
  if (!policy) {
    throw new AnnexError(
      'conflict',
      `The dataset “${datasets[wanted.dataset].label}” has no extract policy, so it can’t leave the CRM. Ask your administrator.`,
    );
  }
  const query = extractQuery({ ...wanted, tenantId: ctx.tenant.id, policy });
  return { query, policy, range: wanted.range, asOf: wanted.asOf };
}

/** A dataset without a date range ignores days that a form sends. */
function rangeOf({ dataset, from, to }: ExtractDraft): DateRange {
  if (datasets[dataset].dated === null) return { from: null, before: null };
  return { from, before: to && addDays(to, 1) };
}
