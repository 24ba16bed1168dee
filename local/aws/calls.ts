import type { Caller } from './service';

/** One call that was authorised, or refused, for a caller. */
export interface RecordedCall {
  readonly at: string;
  readonly accountId: string;
  readonly roleArn: string;
  readonly tags: Readonly<Record<string, string>>;
  /** As in a policy, e.g. `s3:PutObject`. */
  readonly action: string;
  readonly resource: string;
}

const kept = 50_000;

/** The newest calls, for tests that check with whose credentials each was made. In memory, bounded. */
export class Calls {
  #calls: RecordedCall[] = [];

  record({ accountId, roleArn, tags }: Caller, action: string, resource: string): void {
    this.#calls.push({ at: new Date().toISOString(), accountId, roleArn, tags, action, resource });
    if (this.#calls.length > kept) this.#calls = this.#calls.slice(-kept / 2);
  }

  list(): readonly RecordedCall[] {
    return this.#calls;
  }
}
