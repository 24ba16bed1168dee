import { limits } from './limits';

/**
 * How much of a model is asked at a time, by how it answers. Begins with what the contract test asks, alone, and grows with quick
 * answers to what takes `limits.requestMs`; what is too much halves it and leaves one request at a time. A size that was too
 * much is not tried again before `limits.calmAnswers` answers. Knows no clock: times come with the answers.
 */
export class Pace {
  /** Rows of the next request. */
  rows: number = limits.firstRows;
  /** Under way at a time. */
  requests = 1;
  private mostRows: number = limits.batchRows;
  private mostRequests: number = limits.concurrency;
  private calm = 0;
  /** In a row. */
  private refusals = 0;

  /** The model answered `rows` rows within `ms`. */
  answered(rows: number, ms: number): void {
    this.refusals = 0;
    this.calm += 1;
    if (this.calm === limits.calmAnswers) {
      this.calm = 0;
      this.mostRows = Math.min(limits.batchRows, this.mostRows * 2);
      this.mostRequests = Math.min(limits.concurrency, this.mostRequests + 1);
    }
    const fitting = Math.floor(rows * Math.min(limits.growth, limits.requestMs / Math.max(1, ms)));
    const isQuick = ms <= limits.requestMs;
    const wanted = isQuick ? Math.max(this.rows, fitting) : Math.min(this.rows, fitting);
    this.rows = Math.max(limits.leastRows, Math.min(this.mostRows, wanted));
    if (isQuick) this.requests = Math.min(this.mostRequests, this.requests + 1);
  }

  /**
   * `rows` rows were too much, `alone` or beside other requests. Returns whether there is less to ask for. The second time in a
   * row it is the least at once: an endpoint that answers nothing is found out after a few requests.
   */
  tooMuch(rows: number, alone: boolean): boolean {
    if (alone && rows <= limits.leastRows) return false;
    this.calm = 0;
    this.requests = 1;
    this.mostRequests = 1;
    // A request from before the last refusal says nothing of the size since.
    if (rows > this.rows) return true;
    this.refusals += 1;
    this.mostRows = Math.max(limits.leastRows, Math.floor(rows / 2));
    this.rows = this.refusals > 1 ? limits.leastRows : this.mostRows;
    return true;
  }
}
