import type { BgNbdParameters } from './bg-nbd';
import { bgNbdLogLikelihood, type LogParameters } from './bg-nbd-likelihood';
import { gatherHistories, type HistoryTable } from './history-table';
import { type Box, type Minimum, minimise } from './minimise';
import type { HistoryGroup } from './ports';

/** With fewer customers, four parameters reflect chance more than the customers. */
export const minimumCustomers = 30;

export type UnfittedReason =
  | 'no_customers'
  | 'too_few_customers'
  | 'no_repeat_orders'
  | 'degenerate'
  | 'not_converged';

export type BgNbdFit =
  | {
      readonly outcome: 'fitted';
      /** Time unit: days. */
      readonly parameters: BgNbdParameters;
      readonly logLikelihood: number;
      readonly customers: number;
      /** Rows of the likelihood: distinct histories, or cells that merge several. */
      readonly rows: number;
      /** As `HistoryTable.digits`: how precisely histories were distinguished. */
      readonly digits: number;
      readonly evaluations: number;
    }
  | {
      readonly outcome: 'unfitted';
      readonly reason: UnfittedReason;
      /** Says what is missing and what would help, for people. */
      readonly message: string;
      readonly customers: number;
    };

/** Tolerance for the gradient of the mean log-likelihood with respect to the log-parameters. */
const tolerance = 1e-9;
/** Gradient that rounding may leave at a side of the box; it does not affect scores. */
const closeEnough = 1e-6;
/** Starting points (r, a, b); alpha follows from the mean purchase rate. The first almost always suffices. */
const starts = [
  { r: 0.5, a: 0.8, b: 2.5 },
  { r: 2, a: 0.1, b: 1 },
  { r: 0.1, a: 2, b: 10 },
  { r: 10, a: 0.5, b: 0.5 },
] as const;

/**
 * Fits BG/NBD by maximum likelihood (Fader, Hardie & Lee 2005) to purchase histories in days, in bounded memory. Where the
 * maximum lies at infinity (identical customers, no dropout) the fit ends at the side of a wide box, where scores equal those of
 * the limit. Parameters are always finite; throws RangeError for an impossible history.
 */
export async function fitBgNbd(
  batches: Iterable<readonly HistoryGroup[]> | AsyncIterable<readonly HistoryGroup[]>,
  options: { readonly rows?: number } = {},
): Promise<BgNbdFit> {
  return fitHistories(await gatherHistories(batches, options.rows));
}

/** As `fitBgNbd`, for histories already gathered. */
export function fitHistories(table: HistoryTable): BgNbdFit {
  const lack = whatLacks(table);
  if (lack) return { outcome: 'unfitted', ...lack, customers: table.customers };
  const { best, evaluations } = maximise(table);
  const [r, alpha, a, b] = toParameters(best.point).map(Math.exp) as [number, number, number, number];
  if (![r, alpha, a, b, best.value].every(Number.isFinite)) {
    return unfitted(table, 'degenerate', 'The order history is too uniform for the built-in model.');
  }
  if (!(best.slope <= closeEnough)) {
    return unfitted(table, 'not_converged', 'The built-in model found no stable fit for the order history.');
  }
  return {
    outcome: 'fitted',
    parameters: { r, alpha, a, b },
    logLikelihood: -best.value * table.customers,
    customers: table.customers,
    rows: table.length,
    digits: table.digits,
    evaluations,
  };
}

function maximise(table: HistoryTable): { readonly best: Minimum; readonly evaluations: number } {
  const objective = (point: readonly number[]) => {
    const { value, gradient } = bgNbdLogLikelihood(table, toParameters(point));
    const [byR, byAlpha, byA, byB] = gradient;
    const byPoint = [byR + byAlpha, byAlpha, byA + byB, byB];
    return { value: -value / table.customers, gradient: byPoint.map((part) => -part / table.customers) };
  };
  const { days, repeats } = means(table);
  let best: Minimum | undefined;
  let evaluations = 0;
  for (const { r, a, b } of starts) {
    const start = [r, days / repeats, a, b / a].map(Math.log);
    const found = minimise(objective, start, boxFor(days), tolerance);
    evaluations += found.evaluations;
    if (best === undefined || found.value < best.value) best = found;
    if (found.slope <= closeEnough) return { best: found, evaluations };
  }
  if (best === undefined) throw new Error('There is no starting point for the fit.');
  return { best, evaluations };
}

/**
 * The fit varies ln r, ln(α/r), ln a, ln(b/a). Data determine the two ratios well: mean time between orders and odds of staying.
 * r and a describe how much customers differ, and matter little once they are large. In ln r and ln α the likelihood would have a
 * narrow diagonal valley, along which descent is slow.
 */
function toParameters(point: readonly number[]): LogParameters {
  const [r = 0, interval = 0, a = 0, staying = 0] = point;
  return [r, r + interval, a, a + staying];
}

/** Wide enough that its sides stand for zero and infinity: at r = 300 customers differ by only 6 %. */
function boxFor(days: number): Box {
  const lower = [1e-4, 1e-4 * days, 1e-5, 1e-4].map(Math.log);
  const upper = [300, 1e6 * days, 300, 1e5].map(Math.log);
  return { lower, upper };
}

function means(table: HistoryTable): { readonly days: number; readonly repeats: number } {
  let [days, repeats] = [0, 0];
  for (let row = 0; row < table.length; row++) {
    days += (table.age[row] ?? 0) * (table.weight[row] ?? 0);
    repeats += (table.repeats[row] ?? 0) * (table.weight[row] ?? 0);
  }
  return { days: days / table.customers, repeats: repeats / table.customers };
}

function whatLacks(
  table: HistoryTable,
): { readonly reason: UnfittedReason; readonly message: string } | null {
  const { customers } = table;
  if (customers === 0) {
    return {
      reason: 'no_customers',
      message: 'There are no orders yet. Import an order history to get scores.',
    };
  }
  if (customers < minimumCustomers) {
    return {
      reason: 'too_few_customers',
      message: `${customers} customers have ordered. The built-in model needs ${minimumCustomers}. Import more order history.`,
    };
  }
  if (table.weightByRepeats.length === 1) {
    return {
      reason: 'no_repeat_orders',
      message: 'No customer has ordered on more than one day yet, so churn can’t be estimated.',
    };
  }
  return null;
}

function unfitted(table: HistoryTable, reason: UnfittedReason, message: string): BgNbdFit {
  return { outcome: 'unfitted', reason, message, customers: table.customers };
}
