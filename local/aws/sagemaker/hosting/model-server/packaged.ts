import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { answer, type Container, type Invocation, Refusal } from './container';
import { featureRows } from './linear-learner';

interface Rows {
  readonly means: readonly number[];
  readonly scales: readonly number[];
  readonly weights: readonly number[];
  readonly bias: number;
}

type PackedModel =
  | ({ readonly kind: 'logistic' | 'log-linear' } & Rows)
  | { readonly kind: 'sentiment'; readonly words: Readonly<Record<string, number>>; readonly bias: number };

const maxTexts = 10_000;

/** The container of a model package: what the seller has packed is data, and this interprets it. */
export async function load(dir: string): Promise<Container> {
  const model = JSON.parse(await readFile(join(dir, 'model.json'), 'utf8')) as PackedModel;
  return { invoke: (invocation, response) => invoke(model, invocation, response) };
}

function invoke(model: PackedModel, invocation: Invocation, response: ServerResponse): void {
  if (model.kind === 'sentiment') {
    const predictions = textsOf(invocation).map((text) => sentimentOf(model, text));
    answer(response, 'application/json', JSON.stringify({ predictions }));
    return;
  }
  const rows = featureRows(invocation);
  const size = model.weights.length;
  for (const row of rows) {
    if (row.length === size && row.every(Number.isFinite)) continue;
    throw new Refusal(400, `Each row needs ${size} numbers.`);
  }
  const scores = rows.map((row) => scoreOf(model, row));
  if (invocation.contentType === 'text/csv' && !invocation.accept.includes('json')) {
    answer(response, 'text/csv; charset=utf-8', scores.join('\n'));
    return;
  }
  answer(response, 'application/json', JSON.stringify({ predictions: scores.map((score) => ({ score })) }));
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

function scoreOf(model: Rows & { readonly kind: 'logistic' | 'log-linear' }, row: readonly number[]): number {
  const sum = model.weights.reduce(
    (total, weight, at) =>
      total + (weight * ((row[at] ?? 0) - (model.means[at] ?? 0))) / (model.scales[at] || 1),
    model.bias,
  );
  return model.kind === 'logistic' ? sigmoid(sum) : Math.max(0, Math.exp(Math.min(sum, 20)) - 1);
}

function sentimentOf(
  { words, bias }: { readonly words: Readonly<Record<string, number>>; readonly bias: number },
  text: string,
): { readonly label: 'positive' | 'negative'; readonly score: number } {
  const found = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const sum = found.reduce(
    (total, word) => total + (Object.hasOwn(words, word) ? (words[word] ?? 0) : 0),
    bias,
  );
  const positive = sigmoid(sum);
  return positive >= 0.5
    ? { label: 'positive', score: positive }
    : { label: 'negative', score: 1 - positive };
}

/** `{"instances":[{"text":"…"}]}`, or a text a line. */
function textsOf({ contentType, body }: Invocation): readonly string[] {
  const texts = contentType === 'text/plain' ? lines(body.toString()) : jsonTexts(contentType, body);
  if (texts.length > 0 && texts.length <= maxTexts) return texts;
  throw new Refusal(400, `A request has 1 to ${maxTexts} texts.`);
}

const lines = (text: string): readonly string[] => text.split(/\r?\n/).filter((line) => line.trim() !== '');

function jsonTexts(contentType: string, body: Buffer): readonly string[] {
  if (contentType !== 'application/json') {
    throw new Refusal(415, `Content type ${contentType || 'none'} is not supported.`);
  }
  let instances: unknown;
  try {
    instances = Object(JSON.parse(body.toString())).instances;
  } catch {
    throw new Refusal(400, 'The request is not JSON.');
  }
  if (!Array.isArray(instances)) throw new Refusal(400, 'The request has no instances.');
  return instances.map((instance: unknown) => {
    const text: unknown = Object(instance).text;
    if (typeof text !== 'string') throw new Refusal(400, 'An instance needs a text.');
    return text;
  });
}
