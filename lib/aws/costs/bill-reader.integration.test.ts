import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { monthBefore, monthOf } from '@/lib/domain/month';
import { utcDay } from '@/lib/domain/time';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { billReader } from './bill-reader';

const bill = billReader();
const now = () => new Date();
let aws: ProductAws;

beforeAll(async () => {
  aws = await startProductAws();
  const { usage } = aws.standIn.services;
  for (let account = 0; account < 600; account += 1) {
    await usage.set(String(200_000_000_000 + account), 'endpoint/churn', [
      { type: 'ml.m5.large', count: 1000 },
    ]);
  }
});
afterEach(() => aws.clearFaults());
afterAll(() => aws.stop());

/** So that the costs of the last second count. */
const upToDate = (times: number) => aws.fault('cost-explorer.late', '*', { message: '0', times });
const read = (cursor?: string) => bill.page(monthBefore(now()), now(), cursor);

describe('the bill', () => {
  it('is read page by page, by account and service', async () => {
    await upToDate(2);
    const first = await read();
    expect(first.next).toBeDefined();
    const second = await read(first.next);
    expect(second.next).toBeUndefined();
    const accounts = new Set([...first.lines, ...second.lines].map(({ accountId }) => accountId));
    expect(accounts.size).toBe(600);
    expect(first.lines[0]).toEqual({
      accountId: '200000000000',
      month: monthOf(now()),
      service: 'Amazon SageMaker',
      usd: expect.stringMatching(/^0\.0\d+$/),
      estimated: true,
    });
  });

  it('reaches as far as AWS has costs', async () => {
    await upToDate(1);
    expect(await bill.newestDay(now())).toBe(utcDay(now()));
    await aws.fault('cost-explorer.late', '*', { message: '48' });
    expect(await bill.newestDay(now())).toBeNull();
  });

  it('has nothing yet while AWS is behind', async () => {
    await aws.fault('cost-explorer.late', '*', { message: '48' });
    expect(await read()).toEqual({ lines: [], next: undefined });
  });

  it.each([
    ['LimitExceededException: Rate exceeded', 'throttled', /throttled/],
    ['ThrottlingException: Rate exceeded', 'throttled', /throttled/],
    ['AccessDeniedException: no', 'dependency_denied', /denied access while reading the bill/],
    ['DataUnavailableException: wait', 'dependency_failed', /about 24 hours after it was enabled/],
    ['ValidationException: end date past the beginning of next month', 'invalid', /rejected/],
  ])('tells %s apart', async (message, code, words) => {
    await aws.fault('request', 'ce.GetCostAndUsage', { message, times: 9 });
    await expect(read()).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
  });
});
