import { inWords } from '../in-words';
import { horizonDays } from '../time';
import type { BgNbdParameters } from './bg-nbd';
import { bgNbdLogLikelihood } from './bg-nbd-likelihood';
import { logPrior } from './bg-nbd-prior';
import { toLogParameters, toParameters } from './fit-point';
import { ranksReturnedAboveAll, scoreUncertainty } from './fit-quality';
import { gatherHistories, type HistoryTable } from './history-table';
import { type Box, type Minimum, minimise, type Objective } from './minimise';
import type { HistoryGroup } from './ports';

/** With fewer customers, four parameters reflect chance more than the customers. */
export const minimumCustomers = 30;

/** With fewer customers who came back, however often, these few decide for everybody. */
export const minimumReturned = 5;

/** Scores that are uncertain by more than this (`BgNbdFit.uncertainty`) say nothing. */
export const largestUncertainty = 0.2;

export type UnfittedReason =
  | 'no_customers'
  | 'too_few_customers'
  | 'no_repeat_orders'
  | 'degenerate'
  | 'not_identified'
  | 'not_converged';

export type BgNbdFit =
  | {
      readonly outcome: 'fitted';
      /** Time unit: days. */
      readonly parameters: BgNbdParameters;
      /** Of the histories, without the priors. */
      readonly logLikelihood: number;
      /** As `scoreUncertainty`, in [0, `largestUncertainty`]. */
      readonly uncertainty: number;
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

/** Tolerance for the gradient of the mean log-posterior with respect to the log-parameters. */
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
 * Fits BG/NBD (Fader, Hardie & Lee 2005) to purchase histories in days, in bounded memory: the maximum of the likelihood times weak
 * priors (`logPrior`), which keep short histories away from absurd parameters and weigh nothing against long ones. A history that
 * still leaves the scores open is unfitted. Parameters are always finite; throws RangeError for an impossible history.
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
  const objective = objectiveOf(table);
  const { best, evaluations } = maximise(table, objective);
  const parameters = toParameters(best.point);
  if (![...Object.values(parameters), best.value].every(Number.isFinite)) {
    return unfitted(table, 'degenerate', 'The order history is too uniform for the built-in model.');
  }
  if (!(best.slope <= closeEnough)) {
    return unfitted(table, 'not_converged', 'The built-in model found no stable fit for the order history.');
  }
  const uncertainty = scoreUncertainty(table, objective, best.point, horizonDays);
  if (uncertainty > largestUncertainty || ranksReturnedAboveAll(table, best.point, horizonDays)) {
    return unfitted(table, 'not_identified', tooLittleHistory);
  }
  return {
    outcome: 'fitted',
    parameters,
    logLikelihood: bgNbdLogLikelihood(table, toLogParameters(best.point)).value,
    uncertainty,
    customers: table.customers,
    rows: table.length,
    digits: table.digits,
    evaluations,
  };
}

const tooLittleHistory =
  'The order history doesn’t tell yet how likely customers are to come back: too few of them have ordered again, or too recently. Import more order history.';

/** The negative log-posterior per customer. */
function objectiveOf(table: HistoryTable): Objective {
  return (point) => {
    const { value, gradient } = bgNbdLogLikelihood(table, toLogParameters(point));
    const prior = logPrior(point);
    const [byR, byAlpha, byA, byB] = gradient;
    const byPoint = [byR + byAlpha, byAlpha, byA + byB, byB];
    return {
      value: -(value + prior.value) / table.customers,
      gradient: byPoint.map((part, i) => -(part + (prior.gradient[i] ?? 0)) / table.customers),
    };
  };
}

function maximise(
  table: HistoryTable,
  objective: Objective,
): { readonly best: Minimum; readonly evaluations: number } {
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
      message:
        'There are no orders yet, and refunds don’t count as orders. Import an order history to get scores.',
    };
  }
  if (customers < minimumCustomers) {
    return {
      reason: 'too_few_customers',
      message: `Only ${inWords(customers)} ${customers === 1 ? 'customer has' : 'customers have'} ordered. The built-in model needs ${minimumCustomers}. Import more order history.`,
    };
  }
  if (table.weightByRepeats.length === 1) {
    return {
      reason: 'no_repeat_orders',
      message: 'No customer has ordered on more than one day yet, so churn can’t be estimated.',
    };
  }
  // One return alone fits a customer who left as well as one who orders rarely.
  if (table.weightByRepeats.length === 2) {
    return {
      reason: 'not_identified',
      message:
        'No customer has come back twice yet, so those who left can’t be told from those who order rarely. Import more order history.',
    };
  }
  const returned = customers - (table.weightByRepeats[0] ?? 0);
  if (returned < minimumReturned) {
    return {
      reason: 'not_identified',
      message: `Only ${inWords(returned)} ${returned === 1 ? 'customer has' : 'customers have'} come back so far, which says too little of the others. The built-in model needs ${minimumReturned}. Import more order history.`,
    };
  }
  return null;
}

function unfitted(table: HistoryTable, reason: UnfittedReason, message: string): BgNbdFit {
  return { outcome: 'unfitted', reason, message, customers: table.customers };
}
