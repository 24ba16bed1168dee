import { expect, it } from 'vitest';
import { CostsWorld } from '@/lib/domain/testing/costs-world';
import { survive } from '@/lib/domain/testing/crash';
import { AnnexError } from '@/lib/errors';
import type { BillLine } from '../ports';
import { getCosts } from './get-costs';
import { refreshBill } from './refresh-bill';

const hour = 3_600_000;
const eightHours = { everySeconds: 28_800 };
const line = (usd: string, more: Partial<BillLine> = {}): BillLine => ({
  ...{ accountId: '111111111111', month: '2026-03-01', service: 'Amazon SageMaker', usd, estimated: true },
  ...more,
});

it('reads the bill three times a day, all pages each time', async () => {
  const world = new CostsWorld();
  world.pages = [[line('1.5')], [line('0.25', { service: 'AWS Glue' })]];
  for (let quarter = 0; quarter < 24 * 4; quarter += 1) {
    await refreshBill(world.asControl('system'), eightHours);
    world.clock += hour / 4;
  }
  expect(world.asked).toBe(3 * 3);
  expect(await getCosts(world.as('owner'), undefined)).toMatchObject({
    month: '2026-03-01',
    thisMonth: { state: 'billed', bill: { usd: 1.75, estimated: true } },
    lastMonth: { state: 'nothing' },
    bill: { failingSince: null },
  });
});

it('keeps what was read when the next reading fails, says since when, and recovers', async () => {
  const world = new CostsWorld();
  world.pages = [[line('1.5')]];
  await refreshBill(world.asControl('system'), eightHours);
  const readAt = new Date(world.clock);
  world.clock += 8 * hour;
  world.pages = [[line('9')], new AnnexError('throttled', 'AWS throttled requests.')];
  expect(await refreshBill(world.asControl('system'), eightHours)).toBe(0);
  expect(await getCosts(world.as('owner'), undefined)).toMatchObject({
    bill: { readAt, failingSince: new Date(world.clock), failure: 'AWS throttled requests.' },
    thisMonth: { bill: { usd: 1.5 } },
  });
  world.clock += hour / 2;
  world.pages = [[line('9')]];
  expect(await refreshBill(world.asControl('system'), eightHours)).toBe(1);
  expect(await getCosts(world.as('owner'), undefined)).toMatchObject({
    bill: { failingSince: null },
    thisMonth: { bill: { usd: 9 } },
  });
});

it('was never read: says so, and why', async () => {
  const world = new CostsWorld();
  expect(await getCosts(world.as('owner'), undefined)).toMatchObject({ thisMonth: { state: 'unread' } });
  world.pages = [new AnnexError('dependency_denied', 'AWS denied access.')];
  await refreshBill(world.asControl('system'), eightHours);
  expect(await getCosts(world.as('owner'), undefined)).toMatchObject({
    thisMonth: { state: 'unread' },
    bill: { failure: 'AWS denied access.' },
  });
});

it.each([1, 2, 3, 4] as const)('shows a whole bill after a kill at call %i', async (at) => {
  for (const when of ['before', 'after'] as const) {
    const world = new CostsWorld();
    world.pages = [[line('1')], [line('2', { service: 'AWS Glue' })]];
    world.killer = { calls: 0, at, when, forGood: true };
    await survive(() => refreshBill(world.asControl('system'), eightHours));
    world.killer = null;
    expect([undefined, 2]).toContain(world.shown?.lines.length);
    for (let wait = 0; wait < 17; wait += 1) {
      world.clock += hour / 2;
      await refreshBill(world.asControl('system'), eightHours);
    }
    expect(world.shown?.lines).toHaveLength(2);
  }
});

it('is for the system', async () => {
  const world = new CostsWorld();
  await expect(refreshBill(world.asControl('admin'), eightHours)).rejects.toMatchObject({
    code: 'forbidden',
  });
});
