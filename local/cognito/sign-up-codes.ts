import { randomInt, timingSafeEqual } from 'node:crypto';
import { createKeyedMutex } from '../aws/core/keyed-mutex';
import { AwsError, type StateStore } from '../aws/core/service';

interface Kept {
  readonly code: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** When codes were sent and wrong ones were entered, ms since the epoch; only those of the last hour count. */
  readonly sent: readonly number[];
  readonly wrong: readonly number[];
}

const collection = 'cognito.sign-up-codes';
const validMs = 24 * 3600_000;
const windowMs = 3600_000;
/** Of codes and of wrong entries within an hour. Cognito's limits are between 5 and 20, by its view of the risk. */
const limit = 5;

/** The codes that confirm sign-ups: six digits, valid for 24 hours, and only the latest one of each user. */
export interface SignUpCodes {
  /** A new code for the user. Throws LimitExceededException after five within an hour. */
  issue(sub: string): Promise<string>;
  /**
   * Uses up the code. Throws CodeMismatchException, ExpiredCodeException, and LimitExceededException after five wrong ones
   * within an hour, even for the right one.
   */
  redeem(sub: string, code: string): Promise<void>;
  forget(sub: string): Promise<void>;
}

/** The codes in `state`. `now` in ms since the epoch. */
export function createSignUpCodes(state: StateStore, now: () => number): SignUpCodes {
  const withLock = createKeyedMutex();
  const recent = (times: readonly number[] = []): readonly number[] => {
    const counted = times.filter((at) => at > now() - windowMs);
    if (counted.length < limit) return counted;
    throw new AwsError('LimitExceededException', 'Attempt limit exceeded, please try after some time.');
  };
  return {
    issue: (sub) =>
      withLock(sub, async () => {
        const kept = await state.get<Kept>(collection, sub);
        const sent = [...recent(kept?.sent), now()];
        const code = String(randomInt(1_000_000)).padStart(6, '0');
        const expiresAt = now() + validMs;
        await state.put<Kept>(collection, sub, { code, expiresAt, sent, wrong: kept?.wrong ?? [] });
        return code;
      }),
    redeem: (sub, code) =>
      withLock(sub, async () => {
        const kept = await state.get<Kept>(collection, sub);
        const wrong = recent(kept?.wrong);
        if (!kept || kept.expiresAt <= now()) throw expiredCode();
        if (!same(kept.code, code)) {
          await state.put<Kept>(collection, sub, { ...kept, wrong: [...wrong, now()] });
          throw new AwsError(
            'CodeMismatchException',
            'Invalid verification code provided, please try again.',
          );
        }
        await state.delete(collection, sub);
      }),
    forget: (sub) => withLock(sub, () => state.delete(collection, sub)),
  };
}

/** What Cognito says of an expired code, and of the code of a user who is not there. */
export const expiredCode = (): AwsError =>
  new AwsError('ExpiredCodeException', 'Invalid code provided, please request a code again.');

function same(kept: string, given: string): boolean {
  const [a, b] = [Buffer.from(kept), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
