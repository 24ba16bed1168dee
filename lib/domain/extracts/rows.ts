import { AnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import type { ExtractPlan } from './plan';
import type { DatasetName, RowEstimate } from './ports';

/** How long a submission may count rows before it is left to the job to find too many, ms. */
const submitCountMs = 4_000;

/**
 * How many rows the extract will have: for whole tables from the counts kept at import, otherwise from the replica, which counts for
 * at most `countMs`. Under a row limit, the replica stops at one row more. Throws what the replica throws.
 */
export async function rowsOf(
  ctx: TenantContext,
  dataset: DatasetName,
  { query, range, overview }: ExtractPlan,
  countMs?: number,
): Promise<RowEstimate> {
  const whole = range.from === null && range.before === null;
  if (whole && dataset === 'customers') return { rows: overview.customers, basis: 'counted' };
  if (whole && dataset === 'orders') return { rows: overview.orders, basis: 'counted' };
  return ctx.ports.extracts.reader.estimateRows(query, countMs);
}

/**
 * Throws `invalid` if the extract has more rows than its policy allows. Where they cannot be counted in time, or the replica is away,
 * nothing is refused: the job fails rather than write more.
 */
export async function refuseTooManyRows(
  ctx: TenantContext,
  dataset: DatasetName,
  plan: ExtractPlan,
): Promise<void> {
  const { rowLimit } = plan.policy;
  if (rowLimit === null) return;
  const { rows, basis } = await rowsOf(ctx, dataset, plan, submitCountMs).catch((error: unknown) => {
    ctx.log.warn({ err: error, dataset }, 'rows of an extract could not be counted before it is submitted');
    return { rows: 0, basis: 'estimated' as const };
  });
  if (basis === 'estimated' || rows <= rowLimit) return;
  const text = tooManyRows(rowLimit, plan.policy.version);
  throw new AnnexError('invalid', text, { fields: { rows: text } });
}

/** What people read whose extract has too many rows. */
export const tooManyRows = (rowLimit: number, version: number): string =>
  `Version ${version} of the extract policy allows at most ${rowLimit} ${rowLimit === 1 ? 'row' : 'rows'}, and this extract has more. Choose fewer days, or ask your administrator.`;
