import { featureCountInWords } from '../churn/feature-rows';
import { churnFeatures } from '../churn/features';
import { counted } from '../in-words';
import { serves } from './deployment';
import { excerpt } from './excerpt';
import type { ContentType, ContractCheck, DeployedEndpoint, EndpointDescription } from './ports';
import type { Asked, Exchange } from './probe';

/** Every check of the contract test, in the order of the report. */
export const checkTitles = {
  'in-service': 'In service',
  reachable: 'Reachable',
  'content-types': 'Content types',
  'one-answer-a-row': 'One answer per row',
  'in-range': 'Probabilities in [0, 1]',
  graded: 'Probabilities, not labels',
  order: 'Order preserved',
  deterministic: 'Same answer to the same request',
  malformed: 'Malformed input rejected',
  'short-row': `Short row (${churnFeatures.length - 1} of ${churnFeatures.length} values)`,
  latency: 'Latency',
  'same-model': 'Same model during the whole test',
} as const;

export type CheckId = keyof typeof checkTitles;

/** Values that differ by less are equal: containers use single precision, and libraries sum batches in varying order. */
const tolerance = 1e-5;

/** The report line of a completed check, shown with `exchange`. */
function check(
  id: CheckId,
  outcome: ContractCheck['outcome'],
  finding: string,
  exchange: Exchange | null = null,
): ContractCheck {
  return {
    id,
    title: checkTitles[id],
    outcome,
    finding,
    sent: exchange?.sent ?? null,
    received: exchange?.received ?? null,
  };
}

/** The report line of a check that could not run. */
export const skipped = (id: CheckId, why = 'Not tested because an earlier check failed.'): ContractCheck =>
  check(id, 'skipped', why);

export function inService(endpoint: EndpointDescription | null): ContractCheck {
  if (!endpoint) {
    return check('in-service', 'failed', 'Your organisation’s account has no endpoint with this name.');
  }
  if (endpoint.status !== 'InService') {
    const reason = endpoint.failureReason ? ` AWS says: ${excerpt(endpoint.failureReason, 300)}` : '';
    return check(
      'in-service',
      'failed',
      `SageMaker reports the endpoint as ${excerpt(endpoint.status, 40)}.${reason}`,
    );
  }
  const variants = endpoint.variants.map(
    ({ name, instances }) => `${excerpt(name, 63)} (${counted(instances, 'instance')})`,
  );
  return check(
    'in-service',
    'passed',
    `SageMaker reports the endpoint as InService: ${variants.join(', ') || 'no variant'}.`,
  );
}

/** Any response passes, whatever it says. */
export function reachable(first: readonly Asked[]): ContractCheck {
  const answered = first.find(({ answer }) => answer !== null);
  const [any = null] = first;
  if (!answered) return check('reachable', 'failed', any?.problem ?? 'The endpoint did not answer.', any);
  return check(
    'reachable',
    'passed',
    'The endpoint answers requests signed with your organisation’s role.',
    answered,
  );
}

/** Which content types the endpoint supports; `others` are those whose values differ from those of the first. */
export function spoken(first: readonly Asked[], others: readonly ContentType[]): ContractCheck {
  const lines = first.map((asked) => {
    if (others.includes(asked.contentType))
      return `${asked.contentType}: different answers to the same rows, so Annex doesn’t use it.`;
    if (valuesOf(asked)) return `${asked.contentType}: accepted.`;
    return `${asked.contentType}: ${isReadable(asked) ? 'invalid answer.' : 'not accepted.'} ${faultOf(asked)}`;
  });
  const readable = first.find(isReadable);
  return check(
    'content-types',
    readable ? 'passed' : 'failed',
    lines.join(' '),
    readable ?? first[0] ?? null,
  );
}

/** Whether the response could be parsed, whatever its numbers. */
export const isReadable = ({ read }: Asked): boolean =>
  read !== null && read.fault !== 'status' && read.fault !== 'format';

/** The probabilities of an exchange; null when it has no valid ones. */
export const valuesOf = ({ read }: Asked): readonly number[] | null =>
  read?.fault === null ? read.values : null;

const faultOf = ({ read, problem }: Asked): string =>
  problem ?? (read && read.fault !== null ? read.finding : 'The endpoint did not answer.');

export function oneAnswerARow(asked: readonly Asked[]): ContractCheck {
  const wrong = asked.find(({ read }) => read?.fault !== null && read?.fault !== 'range');
  if (wrong) return check('one-answer-a-row', 'failed', faultOf(wrong), wrong);
  const sizes = [...new Set(asked.map(({ rows }) => rows.length))].sort((a, b) => a - b);
  return check(
    'one-answer-a-row',
    'passed',
    `One answer per row, for requests of ${list(sizes)} rows.`,
    asked[0] ?? null,
  );
}

export function inRange(asked: readonly Asked[]): ContractCheck {
  const wrong = asked.find(({ read }) => read?.fault === 'range');
  if (wrong) return check('in-range', 'failed', faultOf(wrong), wrong);
  const all = asked.flatMap((one) => valuesOf(one) ?? []);
  const least = all.reduce((low, value) => Math.min(low, value), 1);
  const most = all.reduce((high, value) => Math.max(high, value), 0);
  return check(
    'in-range',
    'passed',
    `Between ${figure(least)} and ${figure(most)} in ${counted(all.length, 'answer')}.`,
    asked[0] ?? null,
  );
}

/** Fewer different answers to a hundred different rows tell classes apart rather than customers. */
const fewestGrades = 5;

/** Advice, never a failure: customers with the same answer cannot be ranked, but an honest model may be as coarse as that. */
export function graded(asked: readonly Asked[]): ContractCheck {
  const longest = asked.reduce<Asked | null>(
    (most, one) => (valuesOf(one) && one.rows.length > (most?.rows.length ?? 0) ? one : most),
    null,
  );
  if (!longest) return skipped('graded');
  const finding = coarseness(valuesOf(longest) ?? []);
  if (finding !== null) return check('graded', 'noted', finding, longest);
  return check('graded', 'passed', 'The answers are graded probabilities between 0 and 1.', longest);
}

/** Why these answers to as many different rows rank customers badly; null if they do not. */
function coarseness(values: readonly number[]): string | null {
  const labels = values.filter((value) => value === 0 || value === 1).length;
  const different = new Map(values.map((value) => [Math.round(value / tolerance), value]));
  const answers = list([...different.values()].sort((a, b) => a - b).map(figure));
  const unranked = 'Customers with the same answer can’t be ranked by their risk.';
  if (different.size === 1) return `All ${values.length} rows got ${answers}. ${unranked}`;
  if (labels === values.length) {
    return `Every answer is exactly 0 or 1, as a class label would be. ${unranked} Have the model return its probability.`;
  }
  if (labels > values.length / 2) {
    return `${labels} of ${values.length} answers are exactly 0 or 1, as class labels would be. ${unranked} Have the model return its probability.`;
  }
  if (different.size < fewestGrades) {
    return `${values.length} different rows got only ${different.size} different answers: ${answers}. ${unranked}`;
  }
  return null;
}

/** A repeated request for rows, among other rows or at another position. */
export interface Again {
  readonly asked: Asked;
  /** For each row, its index in `before`. */
  readonly positions: readonly number[];
  readonly before: Asked;
}

export function orderKept(again: readonly Again[]): ContractCheck {
  return compared('order', again, {
    same: 'Rows got the same answers when sent in a different order, alone and among a hundred.',
    different: 'in a different order or with different rows',
  });
}

export function deterministic(again: readonly Again[]): ContractCheck {
  return compared('deterministic', again, {
    same: 'Repeated requests got the same answers.',
    different: 'when the same request was repeated',
  });
}

function compared(
  id: 'order' | 'deterministic',
  again: readonly Again[],
  words: { readonly same: string; readonly different: string },
): ContractCheck {
  for (const { asked, positions, before } of again) {
    const now = valuesOf(asked);
    const then = valuesOf(before);
    if (!now || !then) return check(id, 'failed', faultOf(now ? before : asked), now ? before : asked);
    const index = positions.findIndex((position, at) => !close(now[at], then[position]));
    const position = positions[index];
    if (position !== undefined) {
      const finding = `Row ${position + 1} got ${figure(then[position])} first and ${figure(now[index])} ${words.different}.`;
      return check(id, 'failed', finding, asked);
    }
  }
  const [first] = again;
  const values = (first && valuesOf(first.before)) ?? [];
  const constant = id === 'order' && values.every((value) => close(value, values[0]));
  return check(
    id,
    'passed',
    constant ? `All rows got ${figure(values[0])}, so the order can’t be verified.` : words.same,
    first?.asked ?? null,
  );
}

export function malformedRefused(
  sent: readonly { readonly what: string; readonly exchange: Exchange }[],
): ContractCheck {
  const wrong = sent.find(({ exchange }) => !refuses(exchange));
  if (wrong) {
    const { what, exchange } = wrong;
    const came = exchange.answer ? `status ${exchange.answer.status}` : `no answer: ${exchange.problem}`;
    return check(
      'malformed',
      'failed',
      `Expected a 4xx for ${what} (${exchange.contentType}); got ${came}.`,
      exchange,
    );
  }
  const statuses = sent.map(
    ({ what, exchange }) => `${what} (${exchange.contentType}): ${exchange.answer?.status}`,
  );
  return check('malformed', 'passed', `Rejected: ${statuses.join('; ')}.`, sent[0]?.exchange ?? null);
}

/** Advice, never a failure: Annex always sends every feature in each row. */
export function shortRow(sent: readonly Exchange[]): ContractCheck {
  const came = sent.map(
    ({ contentType, answer, problem }) => `${contentType}: ${answer?.status ?? `no answer, ${problem}`}`,
  );
  const taken = sent.find((exchange) => !refuses(exchange));
  if (!taken) return check('short-row', 'passed', `Rejected. ${came.join('; ')}.`, sent[0] ?? null);
  return check(
    'short-row',
    'noted',
    `Accepted: dropped values would go unnoticed. ${came.join('; ')}. Annex always sends all ${featureCountInWords}.`,
    taken,
  );
}

const refuses = ({ answer }: Exchange): boolean =>
  answer !== null && answer.status >= 400 && answer.status < 500;

export function latency(one: readonly Asked[], many: readonly Asked[]): ContractCheck {
  const late = [...one, ...many].find(({ answer }) => answer === null);
  if (late) return check('latency', 'failed', faultOf(late), late);
  const text = (asked: readonly Asked[]) => `${medianMs(asked)?.toFixed(1)} ms`;
  const finding = `A request with 1 row took ${text(one)}, one with ${many[0]?.rows.length} rows ${text(many)} (medians of ${one.length} and ${many.length} requests).`;
  return check('latency', 'passed', finding, many[0] ?? null);
}

/** The results describe one model only if nothing was deployed during the test. */
export function sameThroughout(before: DeployedEndpoint, after: DeployedEndpoint | null): ContractCheck {
  if (!after) return check('same-model', 'failed', 'The endpoint was deleted during the test.');
  const { configName } = before.deployment;
  if (serves(after, before.deployment)) {
    return check(
      'same-model',
      'passed',
      `The endpoint served the configuration ${excerpt(configName, 63)} during the whole test.`,
    );
  }
  const next = after.pendingConfigName ?? after.deployment.configName;
  return check(
    'same-model',
    'failed',
    `The configuration changed during the test from ${excerpt(configName, 63)} to ${excerpt(next, 63)}. Test the endpoint again once SageMaker has finished deploying.`,
  );
}

/** Median time of the responses, ms. */
export function medianMs(asked: readonly Asked[]): number | null {
  const times = asked.flatMap(({ answer }) => (answer ? [answer.ms] : [])).sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? null;
}

const close = (a: number | undefined, b: number | undefined): boolean =>
  a !== undefined && b !== undefined && Math.abs(a - b) <= tolerance;

/** Whether both lists hold the same values. */
export const alike = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, index) => close(value, b[index]));

const figure = (value: number | undefined): string =>
  value === undefined ? 'nothing' : String(Number(value.toPrecision(6)));

const list = (items: readonly (number | string)[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
