import { describe, expect, it, vi } from 'vitest';
import { AnnexError } from '@/lib/errors';
import { type ExtractWorld, policyOf, submitted } from '../testing/extract-world';
import { advanceExtract } from './verbs/advance-extract';
import { cancelExtract } from './verbs/cancel-extract';

const look = (world: ExtractWorld) =>
  advanceExtract(world.as('system'), { requestId: world.single().requestId });

describe('one run per attempt', () => {
  it('is not started under a claim that others may soon take over', async () => {
    const world = await submitted();
    let reads = 0;
    const policies = vi.spyOn(world.policies, 'get').mockImplementation(() => {
      reads += 1;
      // The second read is by the writer of the claim.
      if (reads === 2) world.clock += 21_000;
      return policyOf('orders');
    });
    await look(world);
    expect(world.single()).toMatchObject({ state: 'queued', claims: 1 });
    expect(world.glue.runs).toHaveLength(0);
    policies.mockRestore();
    await world.work();
    expect(world.glue.runs).toHaveLength(1);
  });

  it('is not started when raising the watermark took that long', async () => {
    const world = await submitted();
    vi.spyOn(world.orders, 'seal').mockImplementationOnce(async (order) => {
      world.clock += 21_000;
      return { ...order, watermark: 2n, seal: 'sealed' };
    });
    await look(world);
    expect(world.single()).toMatchObject({ state: 'queued', claims: 1 });
    expect(world.glue.runs).toHaveLength(0);
    await world.work();
    expect(world.glue.runs).toHaveLength(1);
  });

  it('stops the run of a worker so slow that another has started one', async () => {
    const world = await submitted();
    world.glue.runMs = 600_000;
    world.glue.meanwhile = async () => {
      world.clock += 46_000;
      await look(world);
    };
    await look(world);
    expect(world.single()).toMatchObject({ state: 'running', runId: 'jr_1' });
    expect(world.glue.runs.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'jr_1 running',
      'jr_2 stopped',
    ]);
    await world.work();
    expect(world.single()).toMatchObject({ state: 'done', runId: 'jr_1' });
  });

  it('is not awaited when Glue had no capacity during a cancellation', async () => {
    const world = await submitted();
    world.glue.meanwhile = async () => {
      await cancelExtract(world.as('scientist'), { requestId: world.single().requestId });
      throw new AnnexError('throttled', 'full');
    };
    await look(world);
    expect(world.single().state).toBe('cancelled');
  });

  it('stops a run that was started for an extract that is over', async () => {
    const world = await submitted();
    world.glue.runMs = 600_000;
    world.glue.meanwhile = async () => {
      world.clock += 46_000;
      await cancelExtract(world.as('scientist'), { requestId: world.single().requestId });
      await look(world);
    };
    await look(world);
    expect(world.single().state).toBe('cancelled');
    expect(world.glue.runs.map(({ state }) => state)).toEqual(['stopped']);
  });
});
