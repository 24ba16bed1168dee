import type { Caller } from '../core/service';

/** One call that was authorised, or refused, for a caller. */
export interface RecordedCall {
  readonly at: string;
  readonly accountId: string;
  /** The caller with the name of its session. */
  readonly arn: string;
  readonly roleArn: string;
  readonly tags: Readonly<Record<string, string>>;
  /** As in a policy, e.g. `s3:PutObject`. */
  readonly action: string;
  readonly resource: string;
  /** Partition keys that the call touches in DynamoDB, where they are known. */
  readonly leadingKeys?: readonly string[];
}

const kept = 50_000;

/** The newest calls, for tests that check with whose credentials each was made. In memory, bounded. */
export class Calls {
  #calls: RecordedCall[] = [];

  record(
    { accountId, arn, roleArn, tags }: Caller,
    action: string,
    resource: string,
    context: Readonly<Record<string, string | readonly string[]>> = {},
  ): void {
    const keys = context['dynamodb:LeadingKeys'];
    const at = new Date().toISOString();
    const leadingKeys = keys === undefined ? {} : { leadingKeys: [keys].flat() };
    this.#calls.push({ at, accountId, arn, roleArn, tags, action, resource, ...leadingKeys });
    if (this.#calls.length > kept) this.#calls = this.#calls.slice(-kept / 2);
  }

  list(): readonly RecordedCall[] {
    return this.#calls;
  }
}
