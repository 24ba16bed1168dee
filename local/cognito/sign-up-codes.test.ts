import { expect, it } from 'vitest';
import { fakeStandIn } from '../aws/testing/fake-stand-in';
import { createSignUpCodes } from './sign-up-codes';

const hour = 3600_000;

function codesAt() {
  const clock = { now: Date.parse('2026-03-01T10:00:00Z') };
  return { clock, codes: createSignUpCodes(fakeStandIn().standIn.state, () => clock.now) };
}
const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: Error) => `${error.name}: ${error.message}`,
  );
const otherThan = (code: string): string => (code === '000000' ? '000001' : '000000');

it('takes a code once', async () => {
  const { codes } = codesAt();
  const code = await codes.issue('sub');
  expect(code).toMatch(/^\d{6}$/);
  await codes.redeem('sub', code);
  expect(await failure(codes.redeem('sub', code))).toMatch(/^ExpiredCodeException/);
});

it('takes only the latest code, and no longer than 24 hours', async () => {
  const { codes, clock } = codesAt();
  const first = await codes.issue('sub');
  let second = await codes.issue('sub');
  // One in a million times they are the same.
  if (second === first) second = await codes.issue('sub');
  expect(await failure(codes.redeem('sub', first))).toMatch(/^CodeMismatchException/);
  clock.now += 24 * hour;
  expect(await failure(codes.redeem('sub', second))).toBe(
    'ExpiredCodeException: Invalid code provided, please request a code again.',
  );
});

it('refuses even the right code after five wrong ones, for an hour and whatever is sent', async () => {
  const { codes, clock } = codesAt();
  const code = await codes.issue('sub');
  const guesses = await Promise.all(
    Array.from({ length: 8 }, () => failure(codes.redeem('sub', otherThan(code)))),
  );
  expect(guesses.filter((text) => text.startsWith('CodeMismatchException'))).toHaveLength(5);
  const limited = 'LimitExceededException: Attempt limit exceeded, please try after some time.';
  expect(guesses.filter((text) => text === limited)).toHaveLength(3);
  const another = await codes.issue('sub');
  expect(await failure(codes.redeem('sub', another))).toBe(limited);
  clock.now += hour;
  expect(await failure(codes.redeem('sub', another))).toBe('none');
});

it('sends five codes an hour at most', async () => {
  const { codes, clock } = codesAt();
  for (let count = 0; count < 5; count += 1) await codes.issue('sub');
  expect(await failure(codes.issue('sub'))).toMatch(/^LimitExceededException/);
  await codes.issue('another');
  clock.now += hour;
  expect(await failure(codes.issue('sub'))).toBe('none');
});
