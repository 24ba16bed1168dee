import type { TenantContext } from '../context';
import type { Purpose } from '../models/inference-id';
import { type Answered, askModel, ModelFailure, patientWithBatch, type ScoringModel } from './ask-model';
import { Pace } from './pace';

/** Rows and the model's probabilities, one per row, in order. */
interface Asked<R> {
  readonly rows: readonly R[];
  readonly probabilities: readonly number[];
}

interface Options {
  /** Called before each request; true sends no more and finishes those in flight. */
  readonly enough?: () => boolean;
  /** Called when the model turns out to need smaller requests; false stops at once. */
  readonly slowed?: () => Promise<boolean>;
}

interface Request<R> {
  readonly rows: readonly R[];
  readonly alone: boolean;
  readonly answer: Promise<Answered>;
}

/**
 * Requests probabilities from `model` for the rows of all `pages`, in order, with as many rows per request and requests in flight
 * as it handles in time (`Pace`). Holds one page and the requests in flight in memory. Throws ModelFailure as `askModel` does,
 * but for an endpoint that does not respond only when it fails even the smallest request alone.
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
      // The next request must run alone, and come before the rows that follow it.
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
  // Avoids an unhandled rejection: nobody awaits this when an earlier request fails.
  answer.catch(() => {});
  return { rows, alone, answer };
}

/** Takes rows from pages in any number. */
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
