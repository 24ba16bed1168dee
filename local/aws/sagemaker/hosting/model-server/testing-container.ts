import { createSocket } from 'node:dgram';
import { lookup, resolve4 } from 'node:dns/promises';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { answer, type Container, type Invocation, Refusal } from './container';

/**
 * What a model under test does. `good` speaks both content types of the churn interface and answers
 * `1 / (1 + exp(-(recency_days - 90) / 60))`; each other kind departs from that in one way.
 */
export type TestBehaviour =
  | { readonly kind: 'good' | 'csv-only' | 'json-only' | 'comma-separated' }
  /** Every probability is `value`. */
  | { readonly kind: 'constant'; readonly value: number }
  /** Wrong numbers of answers. */
  | { readonly kind: 'too-many' | 'too-few' | 'none' }
  /** Answers that are no probabilities. */
  | { readonly kind: 'nan' | 'text' | 'html' | 'empty' | 'out-of-range' | 'broken-json' }
  /** Answers to the right questions in another order; others at every call. */
  | { readonly kind: 'shuffled' | 'reversed' | 'random' }
  /** Answers a request of any form, in place of refusing it. */
  | { readonly kind: 'answers-anything' }
  /** As `good`, but takes rows that are too short, as SageMaker's XGBoost does. */
  | { readonly kind: 'fills-in' }
  /** As `good`, after `ms`. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** As `good` for `rows` rows in all; never answers what goes beyond: a scoring of more stays in the middle. */
  | { readonly kind: 'hang-after'; readonly rows: number }
  /** Headers at once, then a byte every `ms`. */
  | { readonly kind: 'drip'; readonly ms: number }
  /** Answers `bytes` bytes (200 MB unless said). */
  | { readonly kind: 'huge'; readonly bytes?: number }
  /** Refuses every request with that status. */
  | { readonly kind: 'error'; readonly status: number }
  /** Says how far it gets with a connection to that port of loopback and with looking that name up. */
  | { readonly kind: 'connects'; readonly port: number; readonly name: string }
  /** Cuts the connection in the middle of an answer; ends the process on a request. */
  | { readonly kind: 'cut' | 'crash' };

/** Container of a model under test. */
export async function load(_dir: string, options: unknown): Promise<Container> {
  const behaviour = options as TestBehaviour;
  const served: Served = { rows: 0 };
  return { invoke: (invocation, response) => invoke(behaviour, invocation, response, served) };
}

/** By this process. */
interface Served {
  rows: number;
}

async function invoke(
  behaviour: TestBehaviour,
  invocation: Invocation,
  response: ServerResponse,
  served: Served,
): Promise<void> {
  switch (behaviour.kind) {
    case 'hang':
      return;
    case 'crash':
      return process.exit(137);
    case 'error':
      return answer(response, 'text/plain', `The model fails with ${behaviour.status}.`, behaviour.status);
    case 'html':
      return answer(response, 'text/html', '<!doctype html><title>Sign in</title><h1>Sign in</h1>');
    case 'empty':
      return answer(response, invocation.contentType, '');
    case 'broken-json':
      return answer(response, invocation.contentType, '{"predictions":[{"score":0.');
    case 'huge':
      return huge(response, invocation.contentType, behaviour.bytes ?? 200 * 1024 * 1024);
    case 'drip':
      return drip(response, behaviour.ms);
    case 'cut':
      response.writeHead(200, { 'content-type': 'text/csv', 'content-length': 1000 });
      response.write('0.5\n');
      setImmediate(() => response.destroy());
      return;
    case 'connects':
      return answer(response, 'application/json', JSON.stringify(await networkSeen(behaviour)));
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, behaviour.ms));
      return predict(behaviour, invocation, response, served);
    default:
      return predict(behaviour, invocation, response, served);
  }
}

/** What became of each try: `done`, or the code of its error. */
async function networkSeen({
  port,
  name,
}: {
  readonly port: number;
  readonly name: string;
}): Promise<object> {
  const tried = async (task: () => Promise<unknown>): Promise<string> => {
    try {
      await task();
      return 'done';
    } catch (error) {
      const { code, cause } = error as { code?: string; cause?: { code?: string } };
      return code ?? cause?.code ?? String(error);
    }
  };
  return {
    connect: await tried(async () => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.destroy();
    }),
    fetch: await tried(() => fetch(`http://127.0.0.1:${port}/`)),
    datagram: await tried(async () => createSocket('udp4').bind(0, '127.0.0.1').unref()),
    lookup: await tried(() => lookup(name)),
    resolve: await tried(() => resolve4(name)),
  };
}

function predict(
  behaviour: TestBehaviour,
  invocation: Invocation,
  response: ServerResponse,
  served: Served,
): void {
  const json = invocation.contentType === 'application/json';
  const speaks = json ? behaviour.kind !== 'csv-only' : behaviour.kind !== 'json-only';
  if (!speaks || (!json && invocation.contentType !== 'text/csv')) {
    if (behaviour.kind === 'answers-anything') {
      answer(response, 'text/csv', '0.5\n');
      return;
    }
    throw new Refusal(415, `Content type ${invocation.contentType} is not supported.`);
  }
  const rows = rowsOf(invocation, json, behaviour.kind);
  if (behaviour.kind === 'hang-after' && served.rows + rows.length > behaviour.rows) return;
  served.rows += rows.length;
  const answers = answersOf(behaviour, rows);
  if (json) {
    const predictions = answers.map((score) => ({ score: jsonScore(score) }));
    answer(response, 'application/json', JSON.stringify({ predictions }));
    return;
  }
  const separator = behaviour.kind === 'comma-separated' ? ',' : '\n';
  answer(response, 'text/csv; charset=utf-8', answers.join(separator));
}

/** JSON has no NaN. */
const jsonScore = (score: number | string): number | string | null =>
  typeof score === 'number' && Number.isNaN(score) ? null : score;

function rowsOf({ body }: Invocation, json: boolean, kind: TestBehaviour['kind']): number[][] {
  const lenient = kind === 'answers-anything';
  const rows = json
    ? jsonRows(body.toString())
    : body
        .toString()
        .trim()
        .split('\n')
        .map((line) => line.split(',').map(toNumber));
  const least = kind === 'fills-in' ? 1 : 8;
  const good =
    rows?.length &&
    rows.every((row) => row.length === rows[0]?.length && row.every(Number.isFinite)) &&
    rows.every(({ length }) => length >= least && length <= 8);
  if (rows && (good || lenient)) return rows;
  if (lenient) return [[0]];
  throw new Refusal(400, 'Every line must have eight numbers.');
}

const toNumber = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

function jsonRows(text: string): number[][] | null {
  try {
    const { instances } = JSON.parse(text) as { instances: { features: unknown[] }[] };
    return instances.map(({ features }) =>
      features.map((value) => (typeof value === 'number' ? value : Number.NaN)),
    );
  } catch {
    return null;
  }
}

function answersOf(behaviour: TestBehaviour, rows: readonly number[][]): (number | string)[] {
  const good = rows.map(([recency = 0]) => 1 / (1 + Math.exp(-(recency - 90) / 60)));
  switch (behaviour.kind) {
    case 'constant':
      return good.map(() => behaviour.value);
    case 'too-many':
      return [...good, 0.5];
    case 'too-few':
      return good.slice(1);
    case 'none':
      return [];
    case 'nan':
      return good.map((value, index) => (index === 0 ? Number.NaN : value));
    case 'text':
      return good.map((value) => (value > 0.5 ? 'yes' : 'no'));
    case 'out-of-range':
      return good.map((value, index) => (index === 0 ? value + 1 : value));
    case 'reversed':
      return good.reverse();
    case 'shuffled':
      // One further on: with two rows or more, none keeps its place.
      return [...good.slice(1), ...good.slice(0, 1)];
    case 'random':
      return good.map(() => Math.random());
    default:
      return good;
  }
}

function huge(response: ServerResponse, contentType: string, bytes: number): void {
  const chunk = Buffer.alloc(1024 * 1024, '0.123456\n');
  let left = bytes;
  response.writeHead(200, { 'content-type': contentType, 'content-length': bytes });
  const more = () => {
    while (left > 0 && !response.destroyed) {
      const next = chunk.subarray(0, Math.min(left, chunk.length));
      left -= next.length;
      if (!response.write(next)) {
        response.once('drain', more);
        return;
      }
    }
    if (!response.destroyed) response.end();
  };
  more();
}

function drip(response: ServerResponse, ms: number): void {
  response.writeHead(200, { 'content-type': 'text/csv' });
  const timer = setInterval(() => response.write('0'), ms);
  response.once('close', () => clearInterval(timer));
}
