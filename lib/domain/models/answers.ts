import { AnnexError } from '@/lib/errors';
import { counted } from '../in-words';
import { excerpt } from './excerpt';
import type { ContentType, EndpointAnswer } from './ports';

/** The request body for `rows` of the features in the interface's order. */
export function requestBody(contentType: ContentType, rows: readonly (readonly number[])[]): string {
  return bodyOfLines(
    contentType,
    rows.map((row) => row.join(',')),
  );
}

/** As `requestBody`, for rows already written as finite numbers separated by commas, which JSON and CSV read alike. */
export function bodyOfLines(contentType: ContentType, lines: readonly string[]): string {
  if (contentType === 'text/csv') return lines.join('\n');
  return `{"instances":[${lines.map((line) => `{"features":[${line}]}`).join(',')}]}`;
}

/**
 * The probabilities in `answer` for `count` rows, in order. The model is not trusted: anything but exactly `count` finite numbers
 * in [0, 1] in the expected format throws `dependency_failed` with a sentence that says what came.
 */
export function probabilitiesOf(answer: EndpointAnswer, contentType: ContentType, count: number): number[] {
  const read = readAnswer(answer, contentType, count);
  if (read.fault === null) return read.values;
  throw new AnnexError('dependency_failed', read.finding, {
    transient: read.fault === 'status' && (answer.status === 429 || answer.status >= 500),
  });
}

/** Most bytes of a response for `count` rows: many times what built-in containers send per row. */
export const longestAnswer = (count: number): number => 4096 + count * 512;

/** The values of a response, or the first fault found in it. */
export type ReadAnswer =
  | { readonly fault: null; readonly values: number[] }
  | { readonly fault: 'status' | 'format' | 'count' | 'range'; readonly finding: string };

type Fault = Exclude<ReadAnswer, { fault: null }>;
/** The unvalidated values: numbers, or text in place of a number. */
type Read = Fault | { readonly fault: null; readonly values: readonly (number | string)[] };

/** Reads the response to a request of `count` rows in `contentType`. Never throws. */
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
    return broken(
      'count',
      `The model returned ${counted(read.values.length, 'answer')} for ${counted(count, 'row')}.`,
    );
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
    // Turns -0 into 0.
    probabilities.push(value + 0);
  }
  return { fault: null, values: probabilities };
}

const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const notANumber = /^[+-]?(?:nan|inf|infinity)$/i;

/** One number per line, or all on one line separated by commas. */
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

/** `{"predictions":[{"score":0.42}]}`; other fields of a prediction are ignored. */
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

/** The parsed value; `undefined` when `text` is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The text without a leading byte order mark. Null when the bytes are not UTF-8. */
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
