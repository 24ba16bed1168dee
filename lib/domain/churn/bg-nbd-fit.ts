import type { BgNbdParameters } from './bg-nbd';
import { bgNbdLogLikelihood, type LogParameters } from './bg-nbd-likelihood';
import { gatherHistories, type HistoryTable } from './history-table';
import { type Box, type Minimum, minimise } from './minimise';
import type { HistoryGroup } from './ports';

/** Below this many customers four parameters say more about chance than about the customers. */
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
      /** In days. */
      readonly parameters: BgNbdParameters;
      readonly logLikelihood: number;
      readonly customers: number;
      /** Rows of the likelihood: distinct histories, or cells of them. */
      readonly rows: number;
      /** As `HistoryTable.digits`: how finely histories were told apart. */
      readonly digits: number;
      readonly evaluations: number;
    }
  | {
      readonly outcome: 'unfitted';
      readonly reason: UnfittedReason;
      /** For people: what is missing and what would help. */
      readonly message: string;
      readonly customers: number;
    };

/** Of the gradient of the mean log-likelihood by the log-parameters. */
const tolerance = 1e-9;
/** Starts (r, a, b); alpha follows from the mean purchase rate. The first serves nearly always. */
const starts = [
  { r: 0.5, a: 0.8, b: 2.5 },
  { r: 2, a: 0.1, b: 1 },
  { r: 0.1, a: 2, b: 10 },
  { r: 10, a: 0.5, b: 0.5 },
] as const;

/**
 * Fits BG/NBD by maximum likelihood (Fader, Hardie & Lee 2005) to purchase histories in days, in bounded memory. Where the
 * maximum lies at infinity (equal customers, nobody lost) the fit ends at the side of a wide box, whose scores are those
 * of the limit. Never gives parameters that are not finite; throws RangeError for what cannot be a history.
 */
export async function fitBgNbd(
  groups: Iterable<HistoryGroup> | AsyncIterable<HistoryGroup>,
  options: { readonly rows?: number } = {},
): Promise<BgNbdFit> {
  const table = await gatherHistories(groups, options.rows);
  const lack = whatLacks(table);
  if (lack) return { outcome: 'unfitted', ...lack, customers: table.customers };
  const { best, evaluations } = maximise(table);
  const { point } = best;
  const [r, alpha, a, b] = point.map(Math.exp) as [number, number, number, number];
  if (![r, alpha, a, b, best.value].every(Number.isFinite)) {
    return unfitted(table, 'degenerate', 'The order history is too uniform for the statistical model.');
  }
  if (!best.converged) {
    return unfitted(
      table,
      'not_converged',
      'The statistical model found no stable fit to the order history.',
    );
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
    const { value, gradient } = bgNbdLogLikelihood(table, point as LogParameters);
    return { value: -value / table.customers, gradient: gradient.map((part) => -part / table.customers) };
  };
  const { days, repeats } = means(table);
  let best: Minimum | undefined;
  let evaluations = 0;
  for (const { r, a, b } of starts) {
    const start = [r, (r * days) / repeats, a, b].map(Math.log);
    const found = minimise(objective, start, boxFor(days), tolerance);
    evaluations += found.evaluations;
    if (best === undefined || found.converged || found.value < best.value) best = found;
    if (best.converged) break;
  }
  if (best === undefined) throw new Error('There is no start to fit from.');
  return { best, evaluations };
}

/** Wide enough that its sides stand for zero and infinity; alpha is measured against the mean age. */
function boxFor(days: number): Box {
  const lower = [1e-4, 1e-4 * days, 1e-5, 1e-4].map(Math.log);
  const upper = [1e4, 1e6 * days, 1e4, 1e6].map(Math.log);
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
      message: 'There are no orders yet. Import order history to get scores.',
    };
  }
  if (customers < minimumCustomers) {
    return {
      reason: 'too_few_customers',
      message: `${customers} customers have ordered; the statistical model needs ${minimumCustomers}. Import more order history.`,
    };
  }
  if (table.weightByRepeats.length === 1) {
    return {
      reason: 'no_repeat_orders',
      message: 'No customer has ordered on a second day yet, so there is nothing to tell churn from.',
    };
  }
  return null;
}

function unfitted(table: HistoryTable, reason: UnfittedReason, message: string): BgNbdFit {
  return { outcome: 'unfitted', reason, message, customers: table.customers };
}
