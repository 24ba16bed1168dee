import type { GetCostAndUsageResponse } from '@aws-sdk/client-cost-explorer';
import { beforeEach, expect, it } from 'vitest';
import { fakeStandIn, portal, tenantCaller } from '../testing/fake-stand-in';
import { createMeter } from './meter';
import { createCostExplorer } from './service';

const foo = '222233334444';
let clock: number;
let fake: ReturnType<typeof fakeStandIn>;

const at = (iso: string): void => {
  clock = Date.parse(`${iso}:00Z`);
};
/** `account` runs `count` instances at 0.44 USD an hour for as long as asked, from now on. */
async function run(account: string, resource: string, count: number, untilIso: string): Promise<void> {
  const meter = createMeter(fake.standIn, () => clock);
  await meter.set(account, resource, [{ type: 'G.1X', count }]);
  at(untilIso);
  await meter.set(account, resource, []);
}

async function ask(more: object = {}, caller = portal): Promise<GetCostAndUsageResponse> {
  const service = createCostExplorer(fake.standIn, () => clock);
  const input = {
    TimePeriod: { Start: '2026-10-01', End: '2026-11-12' },
    Granularity: 'MONTHLY',
    Metrics: ['UnblendedCost'],
    ...more,
  };
  const answer = service.operations.GetCostAndUsage?.(input, caller, 'request', new AbortController().signal);
  return (await answer) as GetCostAndUsageResponse;
}

const byAccount = { GroupBy: [{ Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' }] };
const rows = ({ ResultsByTime = [] }: GetCostAndUsageResponse) =>
  ResultsByTime.flatMap(({ TimePeriod, Groups = [] }) =>
    Groups.map(({ Keys = [], Metrics }) => [
      TimePeriod?.Start,
      ...Keys,
      Number(Metrics?.UnblendedCost?.Amount),
    ]),
  );
const totals = ({ ResultsByTime = [] }: GetCostAndUsageResponse) =>
  ResultsByTime.map(({ Total }) => Number(Total?.UnblendedCost?.Amount));

beforeEach(() => {
  fake = fakeStandIn();
});

it('bills what ran in the month in which it ran, also what is gone', async () => {
  at('2026-10-31T22:00');
  await run(foo, 'endpoint/churn', 1, '2026-11-01T03:00');
  at('2026-11-11T12:00');
  expect(rows(await ask(byAccount))).toEqual([
    ['2026-10-01', foo, 0.88],
    ['2026-11-01', foo, 1.32],
  ]);
  expect((await ask(byAccount)).ResultsByTime?.map(({ Estimated }) => Estimated)).toEqual([false, true]);
});

it('ends before the day of the end, and ten minutes ago', async () => {
  at('2026-11-10T00:00');
  const meter = createMeter(fake.standIn, () => clock);
  await meter.set(foo, 'endpoint/churn', [{ type: 'G.1X', count: 1 }]);
  at('2026-11-11T01:10');
  const days = { Granularity: 'DAILY', TimePeriod: { Start: '2026-11-09', End: '2026-11-11' } };
  expect(totals(await ask(days))).toEqual([0, 10.56]);
  expect(totals(await ask())).toEqual([0, 11]);
  fake.fault('cost-explorer.late', '*', '24');
  at('2026-11-11T01:00');
  expect(totals(await ask())).toEqual([0, 0.44]);
});

it('pages by 500 groups', async () => {
  at('2026-11-05T00:00');
  for (let account = 0; account < 700; account += 1) {
    at('2026-11-05T00:00');
    await run(String(300_000_000_000 + account), 'app', 1, '2026-11-05T01:00');
  }
  at('2026-11-11T12:00');
  const first = await ask(byAccount);
  const second = await ask({ ...byAccount, NextPageToken: first.NextPageToken });
  expect([rows(first).length, rows(second).length, second.NextPageToken]).toEqual([500, 200, undefined]);
  await expect(ask({ NextPageToken: 'bad' })).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
});

it('shows an account no other than itself', async () => {
  at('2026-11-05T00:00');
  await run(foo, 'app', 1, '2026-11-05T01:00');
  at('2026-11-11T12:00');
  const bar = tenantCaller('333344445555', 'bar');
  expect(rows(await ask(byAccount, tenantCaller(foo, 'foo'))).length).toBe(1);
  expect(rows(await ask(byAccount, bar))).toEqual([]);
});

it.each([
  [{ TimePeriod: { Start: '2026-11-02', End: '2026-11-02' } }, /before end date/],
  [{ TimePeriod: { Start: '2026-11-02', End: '2026-12-02' } }, /past the beginning of next month/],
  [{ TimePeriod: { Start: '2025-01-01', End: '2026-11-02' } }, /historical data/],
  [{ TimePeriod: { Start: '2026-02-30', End: '2026-11-02' } }, /Invalid date/],
  [{ Metrics: [] }, /must not be empty/],
  [{ Metrics: ['Cost'] }, /Invalid metric/],
  [{ Granularity: 'WEEKLY' }, /Granularity/],
  [{ GroupBy: ['SERVICE', 'SERVICE', 'SERVICE'].map((Key) => ({ Type: 'DIMENSION', Key })) }, /not exceed 2/],
])('refuses %j', async (more, text) => {
  at('2026-11-11T12:00');
  await expect(ask(more)).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(text),
  });
});
