import { expect, it } from 'vitest';
import { fairQueue } from '@/lib/fair-queue';
import { giveWay } from './turns';

const queue = () =>
  fairQueue({ perKey: 10, inAll: 100, waiting: 10, waitMs: 1000, refusal: () => new Error('full') });

/** Queues in which each tenant has so many requests in progress, one of which works. */
async function queuesWith(requests: Readonly<Record<string, number>>) {
  const [inProgress, atWork] = [queue(), queue()];
  const leave = new Map<string, () => void>();
  for (const [tenant, count] of Object.entries(requests)) {
    for (let n = 0; n < count; n += 1) await inProgress.enter(tenant);
    leave.set(tenant, await atWork.enter(tenant));
  }
  return { queues: { inProgress, atWork }, leave };
}

it('lets a tenant with few requests go before one with many, until its work pauses', async () => {
  const { queues, leave } = await queuesWith({ noisy: 5, quiet: 1 });
  let passed = false;
  const waiting = giveWay('noisy', queues).then(() => {
    passed = true;
  });
  await new Promise(setImmediate);
  expect(passed).toBe(false);
  leave.get('quiet')?.();
  await waiting;
});

it('waits no longer than a moment, however long the other works', async () => {
  const { queues } = await queuesWith({ noisy: 5, quiet: 4 });
  await giveWay('noisy', queues);
});

it.each([
  ['few requests', 'quiet', { noisy: 5, quiet: 4 }],
  ['nobody else with few', 'noisy', { noisy: 5, loud: 9 }],
  ['nobody else', 'noisy', { noisy: 5 }],
] as const)('keeps nobody waiting who has %s', async (_, tenant, requests) => {
  const { queues } = await queuesWith(requests);
  let passed = false;
  void giveWay(tenant, queues).then(() => {
    passed = true;
  });
  await Promise.resolve();
  await Promise.resolve();
  expect(passed).toBe(true);
});
