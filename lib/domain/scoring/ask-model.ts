import { AnnexError, isAnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import { bodyOfLines, longestAnswer, probabilitiesOf } from '../models/answers';
import { inferenceId, type Purpose } from '../models/inference-id';
import type { EndpointAnswer, ModelVersion } from '../models/ports';
import { answersByRow, arranged } from './arrangement';
import { limits } from './limits';
import type { FailureCause } from './ports';

/** The model returned nothing that may be stored. `message` is for people. */
export class ModelFailure extends Error {
  /** A smaller request, or one request at a time, may succeed. */
  readonly isTooMuch: boolean;

  constructor(
    readonly failureCause: FailureCause,
    message: string,
    { isTooMuch = false, ...options }: ErrorOptions & { readonly isTooMuch?: boolean } = {},
  ) {
    super(message, options);
    this.name = 'ModelFailure';
    this.isTooMuch = isTooMuch;
  }
}

export type ScoringModel = Pick<ModelVersion, 'endpointName' | 'contentType'>;

/** A model's probabilities, one per row, and how long it took, ms. */
export interface Answered {
  readonly probabilities: readonly number[];
  readonly ms: number;
}

interface Patience {
  /** All attempts together, ms. */
  readonly totalMs: number;
  readonly attemptMs: number;
  readonly attempts: number;
}

export const patientWithBatch: Patience = {
  totalMs: limits.batchMs,
  attemptMs: limits.attemptMs,
  attempts: limits.attempts,
};
export const patienceForHealthCheck: Patience = {
  totalMs: limits.healthCheckMs,
  attemptMs: limits.healthCheckMs,
  attempts: 1,
};

/**
 * The probabilities of `model` for `rows` of features, in order, in as many requests as their size requires. Rows are in random
 * order within a request, and some appear twice (`arranged`), so that results which were sorted, shifted or shuffled on the way
 * contradict themselves. Throws ModelFailure unless the model returns exactly one probability per row, in time.
 */
export async function askModel(
  ctx: TenantContext,
  model: ScoringModel,
  rows: readonly string[],
  purpose: Purpose,
  patience: Patience,
): Promise<Answered> {
  const rowAt = arranged(rows.length);
  const body = bodyOfLines(
    model.contentType,
    rowAt.map((row) => rows[row] ?? ''),
  );
  if (rows.length > 1 && Buffer.byteLength(body) > limits.bodyBytes) {
    const half = Math.ceil(rows.length / 2);
    const first = await askModel(ctx, model, rows.slice(0, half), purpose, patience);
    const second = await askModel(ctx, model, rows.slice(half), purpose, patience);
    return {
      probabilities: [...first.probabilities, ...second.probabilities],
      ms: first.ms + second.ms,
    };
  }
  const count = rowAt.length;
  const answer = await invokeInTime(
    ctx,
    { ...model, body, purpose, maxBytes: longestAnswer(count) },
    patience,
  );
  const read = answersByRow(rowAt, believed(answer, model, count));
  if (read.disagreement === null) return { probabilities: read.answers, ms: answer.ms };
  const { answers, places } = read.disagreement;
  throw new ModelFailure(
    'answers',
    `The model gave two different answers for the same row of a request: ${answers[0]} at position ${places[0] + 1} and ${answers[1]} at position ${places[1] + 1}. Either its answers are not in the order of the rows, or the same row gets different answers.`,
  );
}

function believed(answer: EndpointAnswer, { contentType }: ScoringModel, count: number): number[] {
  try {
    return probabilitiesOf(answer, contentType, count);
  } catch (error) {
    if (!isAnnexError(error)) throw error;
    const isTooMuch = passes(answer.status);
    throw new ModelFailure(isTooMuch ? 'unreachable' : 'answers', error.message, { cause: error, isTooMuch });
  }
}

interface Invocation {
  readonly endpointName: string;
  readonly contentType: ModelVersion['contentType'];
  readonly body: string;
  readonly purpose: Purpose;
  readonly maxBytes: number;
}

/**
 * The first response that is not a temporary refusal; the last refusal when time or attempts run out. A request that timed out is
 * not repeated unchanged, because the container may still be working on it.
 */
async function invokeInTime(
  ctx: TenantContext,
  invocation: Invocation,
  patience: Patience,
): Promise<EndpointAnswer> {
  const endsAt = performance.now() + patience.totalMs;
  for (let attempt = 1; ; attempt += 1) {
    const left = endsAt - performance.now();
    const deadlineMs = Math.round(Math.max(1, Math.min(left, patience.attemptMs)));
    const outcome = await tryOnce(ctx, invocation, deadlineMs);
    const pause = limits.pauseMs * 2 ** (attempt - 1) * (0.5 + Math.random());
    const over = attempt >= patience.attempts || performance.now() + pause >= endsAt;
    if ('answer' in outcome) {
      if (over || !passes(outcome.answer.status)) return outcome.answer;
    } else if (over || !outcome.error.transient || outcome.afterMs >= deadlineMs - 1) {
      const { error } = outcome;
      throw new ModelFailure(causeOf(error), error.message, { cause: error, isTooMuch: error.transient });
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function tryOnce(
  { ports }: TenantContext,
  { endpointName, contentType, body, purpose, maxBytes }: Invocation,
  deadlineMs: number,
): Promise<{ readonly answer: EndpointAnswer } | { readonly error: AnnexError; readonly afterMs: number }> {
  const startedAt = performance.now();
  const request = { endpointName, contentType, body, maxBytes, deadlineMs };
  try {
    return { answer: await ports.endpoints.invoke({ ...request, inferenceId: inferenceId(purpose) }) };
  } catch (error) {
    if (error instanceof AnnexError) return { error, afterMs: performance.now() - startedAt };
    throw error;
  }
}

/** A response that is too long for its request cannot be trusted, and a retry would not change it. */
const causeOf = (error: AnnexError): FailureCause =>
  error.code === 'dependency_failed' && !error.transient ? 'answers' : 'unreachable';

/** Whether a container's refusal may pass: overload, an internal failure, or 0 for a broken connection. */
const passes = (status: number): boolean => status === 0 || status === 429 || status >= 500;
