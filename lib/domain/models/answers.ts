import { AnnexError } from '@/lib/errors';
import { excerpt } from './excerpt';
import type { ContentType, EndpointAnswer } from './ports';

/** The body of a request for `rows` of the features in the interface's order. */
export function requestBody(contentType: ContentType, rows: readonly (readonly number[])[]): string {
  return bodyOfLines(
    contentType,
    rows.map((row) => row.join(',')),
  );
}

/** As `requestBody`, of rows that are written out already: finite numbers with commas between, which JSON reads as CSV does. */
export function bodyOfLines(contentType: ContentType, lines: readonly string[]): string {
  if (contentType === 'text/csv') return lines.join('\n');
  return `{"instances":[${lines.map((line) => `{"features":[${line}]}`).join(',')}]}`;
}

/**
 * The probabilities that `answer` gives for `count` rows, in their order. A model is a stranger's: anything but exactly
 * `count` finite numbers in [0, 1] in the expected format throws `dependency_failed` with a sentence that says what came.
 */
export function probabilitiesOf(answer: EndpointAnswer, contentType: ContentType, count: number): number[] {
  const read = readAnswer(answer, contentType, count);
  if (read.fault === null) return read.values;
  throw new AnnexError('dependency_failed', read.finding, {
    transient: read.fault === 'status' && (answer.status === 429 || answer.status >= 500),
  });
}

/** Bytes that an answer for `count` rows may have: what built-in containers say of a row, many times over. */
export const longestAnswer = (count: number): number => 4096 + count * 512;

/** What an answer says, or the first of the interface's promises that it breaks. */
export type ReadAnswer =
  | { readonly fault: null; readonly values: number[] }
  | { readonly fault: 'status' | 'format' | 'count' | 'range'; readonly finding: string };

type Fault = Exclude<ReadAnswer, { fault: null }>;
/** The answers one by one, not yet believed: a number, or text that stands where one belongs. */
type Read = Fault | { readonly fault: null; readonly values: readonly (number | string)[] };

/** Reads `answer` to a request of `count` rows in `contentType`. Never throws, whatever came. */
export function readAnswer(answer: EndpointAnswer, contentType: ContentType, count: number): ReadAnswer {
  if (answer.status !== 200) {
    return broken('status', `The model returned status ${answer.status}${saying(answer.body)}.`);
  }
  const text = textOf(answer.body);
  if (text === null) return broken('format', 'The model’s answer is not UTF-8 text.');
  if (text.trim() === '') return broken('format', 'The model’s answer is empty.');
  const read = contentType === 'text/csv' ? fromCsv(text) : fromJson(text);
  if (read.fault !== null) return read;
  if (read.values.length !== count) {
    return broken('count', `The model returned ${answers(read.values.length)} for ${rows(count)}.`);
  }
  return inRange(read.values);
}

function inRange(values: readonly (number | string)[]): ReadAnswer {
  const probabilities: number[] = [];
  for (const [index, value] of values.entries()) {
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
      return broken(
        'range',
        `Answer ${index + 1} is ${excerpt(String(value), 40)}, which is not a probability.`,
      );
    }
    // -0 is 0.
    probabilities.push(value + 0);
  }
  return { fault: null, values: probabilities };
}

const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const notANumber = /^[+-]?(?:nan|inf|infinity)$/i;

/** One number a line, or all on one line with commas between. */
function fromCsv(text: string): Read {
  const lines = text.replace(/(?:\r?\n)+$/, '').split(/\r?\n/);
  const [first = ''] = lines;
  const fields = lines.length === 1 ? first.split(',') : lines;
  const values: (number | string)[] = [];
  for (const [index, field] of fields.entries()) {
    const word = field.trim();
    if (number.test(word)) values.push(Number(word));
    else if (notANumber.test(word)) values.push(word);
    else {
      const where = lines.length === 1 ? 'Value' : 'Line';
      return broken('format', `${where} ${index + 1} of the answer is ${quoted(word)}, not a single number.`);
    }
  }
  return { fault: null, values };
}

/** `{"predictions":[{"score":0.42}]}`; whatever else a prediction says is left alone. */
function fromJson(text: string): Read {
  const whole = parsed(text);
  if (whole === undefined) return broken('format', `The answer is not JSON: ${quoted(text)}.`);
  const predictions = own(whole, 'predictions');
  if (!Array.isArray(predictions)) {
    return broken('format', 'The answer is JSON without a “predictions” list.');
  }
  const values: number[] = [];
  for (const [index, prediction] of predictions.entries()) {
    const score = own(prediction, 'score');
    if (typeof score !== 'number') {
      return broken('format', `Prediction ${index + 1} has no numeric “score”.`);
    }
    values.push(score);
  }
  return { fault: null, values };
}

function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** `undefined` for a text that is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Without the byte order mark that some writers put first. Null for bytes that are no UTF-8. */
function textOf(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null;
  }
}

const broken = (fault: Fault['fault'], finding: string): Fault => ({ fault, finding });
const quoted = (text: string): string => (text === '' ? 'empty' : `“${excerpt(text, 60)}”`);
const saying = (body: Uint8Array): string => (body.length === 0 ? '' : `: ${quoted(excerpt(body, 120))}`);
const answers = (count: number): string => `${count} ${count === 1 ? 'answer' : 'answers'}`;
const rows = (count: number): string => `${count} ${count === 1 ? 'row' : 'rows'}`;
