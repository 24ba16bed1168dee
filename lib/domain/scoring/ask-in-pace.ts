import type { TenantContext } from '../context';
import type { Purpose } from '../models/inference-id';
import { type Answered, askModel, ModelFailure, patientWithBatch, type ScoringModel } from './ask-model';
import { Pace } from './pace';

/** Rows and what the model says of them, one probability a row, in their order. */
interface Asked<R> {
  readonly rows: readonly R[];
  readonly probabilities: readonly number[];
}

interface Options {
  /** Asked before each request; true ends the asking with what is under way. */
  readonly enough?: () => boolean;
  /** Called when the model turns out to need smaller requests; false ends the asking at once. */
  readonly slowed?: () => Promise<boolean>;
}

interface Request<R> {
  readonly rows: readonly R[];
  readonly alone: boolean;
  readonly answer: Promise<Answered>;
}

/**
 * Asks `model` about the rows of all `pages`, in their order, with as many rows a request and requests at a time as it answers in
 * time (`Pace`). Holds a page and the requests under way in memory. Throws ModelFailure for what askModel throws it for;
 * for silence only when the model does not answer the smallest request alone.
 */
export async function* askInPace<R extends { readonly features: string }>(
  ctx: TenantContext,
  model: ScoringModel,
  purpose: Purpose,
  pages: Iterable<readonly R[]> | AsyncIterable<readonly R[]>,
  { enough = () => false, slowed = async () => true }: Options = {},
): AsyncGenerator<Asked<R>> {
  const pace = new Pace();
  const supply = new Supply(pages);
  let underWay: Request<R>[] = [];
  for (;;) {
    while (underWay.length < pace.requests && !enough()) {
      const rows = await supply.take(pace.rows);
      if (rows.length === 0) break;
      underWay.push(ask(ctx, model, rows, purpose, pace.requests === 1));
    }
    const request = underWay.shift();
    if (!request) return;
    const { rows } = request;
    try {
      const { probabilities, ms } = await request.answer;
      pace.answered(rows.length, ms);
      yield { rows, probabilities };
    } catch (error) {
      if (!(error instanceof ModelFailure && error.isTooMuch)) throw error;
      if (!pace.tooMuch(rows.length, request.alone)) throw error;
      ctx.log.info({ rows: pace.rows, reason: error.message }, 'sending smaller requests to the model');
      // The next is to be alone, and in front of what came after it.
      await Promise.allSettled(underWay.map(({ answer }) => answer));
      supply.giveBack([rows, ...underWay.map((one) => one.rows)].flat());
      underWay = [];
      if (!(await slowed())) return;
    }
  }
}

function ask<R extends { readonly features: string }>(
  ctx: TenantContext,
  model: ScoringModel,
  rows: readonly R[],
  purpose: Purpose,
  alone: boolean,
): Request<R> {
  const features = rows.map((row) => row.features);
  const answer = askModel(ctx, model, features, purpose, patientWithBatch);
  // Nobody comes to wait for it when one before it fails.
  answer.catch(() => {});
  return { rows, alone, answer };
}

/** Rows out of pages, cut anew. */
class Supply<R> {
  private rows: readonly R[] = [];
  private readonly pages: AsyncIterator<readonly R[]>;

  constructor(pages: Iterable<readonly R[]> | AsyncIterable<readonly R[]>) {
    this.pages = oneByOne(pages);
  }

  /** The next `count` rows; fewer only at the end. */
  async take(count: number): Promise<readonly R[]> {
    while (this.rows.length < count) {
      const { done, value } = await this.pages.next();
      if (done) break;
      this.rows = [...this.rows, ...value];
    }
    const taken = this.rows.slice(0, count);
    this.rows = this.rows.slice(count);
    return taken;
  }

  giveBack(rows: readonly R[]): void {
    this.rows = [...rows, ...this.rows];
  }
}

async function* oneByOne<R>(pages: Iterable<R> | AsyncIterable<R>): AsyncGenerator<R> {
  yield* pages;
}
