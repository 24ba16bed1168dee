import { limits } from './limits';

/**
 * Adapts the rows per request and the requests in flight to how fast the model responds. Starts with one request of the contract
 * test's size. Quick responses grow requests until they take `limits.requestMs`; a request that is too much halves the size and
 * leaves one request at a time. Does not try a size that was too much again for `limits.calmAnswers` responses. Has no clock:
 * times come with the responses.
 */
export class Pace {
  /** Rows of the next request. */
  rows: number = limits.firstRows;
  /** Requests in flight at a time. */
  requests = 1;
  private mostRows: number = limits.batchRows;
  private mostRequests: number = limits.concurrency;
  private calm = 0;
  /** Refusals in a row. */
  private refusals = 0;

  /** Call this when the model responded to `rows` rows within `ms`. */
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
   * Call this when `rows` rows were too much, `alone` or beside other requests. Returns whether a smaller request is possible.
   * The second refusal in a row reduces the size to the minimum, so that a few requests reveal an endpoint that never responds.
   */
  tooMuch(rows: number, alone: boolean): boolean {
    if (alone && rows <= limits.leastRows) return false;
    this.calm = 0;
    this.requests = 1;
    this.mostRequests = 1;
    // A request sent before the last refusal says nothing about the size since.
    if (rows > this.rows) return true;
    this.refusals += 1;
    this.mostRows = Math.max(limits.leastRows, Math.floor(rows / 2));
    this.rows = this.refusals > 1 ? limits.leastRows : this.mostRows;
    return true;
  }
}
