import { AnnexError, isAnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import { bodyOfLines, longestAnswer, probabilitiesOf } from '../models/answers';
import type { EndpointAnswer, ModelVersion } from '../models/ports';
import { answersByRow, arranged } from './arrangement';
import { limits } from './limits';
import type { FailureCause } from './ports';

/** The model gave nothing that may be stored. `message` is for people. */
export class ModelFailure extends Error {
  constructor(
    readonly reason: FailureCause,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ModelFailure';
  }
}

interface Patience {
  /** With all attempts. */
  readonly totalMs: number;
  readonly attemptMs: number;
  readonly attempts: number;
}

export const patientWithBatch: Patience = {
  totalMs: limits.batchMs,
  attemptMs: limits.attemptMs,
  attempts: limits.attempts,
};
export const patientWithLook: Patience = { totalMs: limits.lookMs, attemptMs: limits.lookMs, attempts: 1 };

/**
 * The probabilities that `model` gives for `rows` of features, in their order, asked in as many requests as their size needs. The
 * rows of a request stand in an order of chance, some of them twice (`arranged`), so that answers which were sorted, shifted
 * or shuffled on the way do not agree with themselves. Throws ModelFailure for anything that is not exactly one
 * probability a row, and when it does not come in time.
 */
export async function askModel(
  ctx: TenantContext,
  model: Pick<ModelVersion, 'endpointName' | 'contentType'>,
  rows: readonly string[],
  patience: Patience,
): Promise<number[]> {
  if (rows.length === 0) return [];
  const rowAt = arranged(rows.length);
  const body = bodyOfLines(
    model.contentType,
    rowAt.map((row) => rows[row] ?? ''),
  );
  if (rows.length > 1 && Buffer.byteLength(body) > limits.bodyBytes) {
    const half = Math.ceil(rows.length / 2);
    const first = await askModel(ctx, model, rows.slice(0, half), patience);
    return [...first, ...(await askModel(ctx, model, rows.slice(half), patience))];
  }
  const count = rowAt.length;
  const answer = await invokeInTime(ctx, { ...model, body, maxBytes: longestAnswer(count) }, patience);
  const read = answersByRow(rowAt, believed(answer, model, count));
  if (read.disagreement === null) return read.answers;
  const { answers, places } = read.disagreement;
  throw new ModelFailure(
    'answers',
    `The model gave two answers for one row of a request: ${answers[0]} at place ${places[0] + 1} and ${answers[1]} at place ${places[1] + 1}. Either its answers are not in the order of the rows, or it does not answer the same twice.`,
  );
}

function believed(
  answer: EndpointAnswer,
  { contentType }: Pick<ModelVersion, 'contentType'>,
  count: number,
): number[] {
  try {
    return probabilitiesOf(answer, contentType, count);
  } catch (error) {
    if (!isAnnexError(error)) throw error;
    const reason = passes(answer.status) ? 'unreachable' : 'answers';
    throw new ModelFailure(reason, error.message, { cause: error });
  }
}

interface Invocation {
  readonly endpointName: string;
  readonly contentType: ModelVersion['contentType'];
  readonly body: string;
  readonly maxBytes: number;
}

/** The first answer that is no passing refusal; the last refusal when time or attempts are over. */
async function invokeInTime(
  ctx: TenantContext,
  invocation: Invocation,
  patience: Patience,
): Promise<EndpointAnswer> {
  const endsAt = performance.now() + patience.totalMs;
  for (let attempt = 1; ; attempt += 1) {
    const left = endsAt - performance.now();
    const outcome = await tryOnce(ctx, invocation, Math.max(1, Math.min(left, patience.attemptMs)));
    const pause = limits.pauseMs * 2 ** (attempt - 1) * (0.5 + Math.random());
    const over = attempt >= patience.attempts || performance.now() + pause >= endsAt;
    if ('answer' in outcome) {
      if (over || !passes(outcome.answer.status)) return outcome.answer;
    } else if (over || !outcome.error.transient) {
      throw new ModelFailure(causeOf(outcome.error), outcome.error.message, { cause: outcome.error });
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function tryOnce(
  { ports }: TenantContext,
  { endpointName, contentType, body, maxBytes }: Invocation,
  deadlineMs: number,
): Promise<{ readonly answer: EndpointAnswer } | { readonly error: AnnexError }> {
  try {
    const request = { endpointName, contentType, body, maxBytes, deadlineMs: Math.round(deadlineMs) };
    return { answer: await ports.endpoints.invoke(request) };
  } catch (error) {
    if (error instanceof AnnexError) return { error };
    throw error;
  }
}

/** An answer that is too long for its question is one that cannot be believed; asking again gives the same. */
const causeOf = (error: AnnexError): FailureCause =>
  error.code === 'dependency_failed' && !error.transient ? 'answers' : 'unreachable';

/** A container's refusal that may be another one soon: too much at once, a failure of its own, or 0: it broke off. */
const passes = (status: number): boolean => status === 0 || status === 429 || status >= 500;
