import { expect, it } from 'vitest';
import { WorkbenchWorld } from '@/lib/domain/testing/workbench-world';
import { sweepScores } from './sweep-scores';

it('requests a refit for each tenant whose scores are out of date', async () => {
  const world = new WorkbenchWorld();
  world.staleScores.push('foo', 'bar');
  expect(await sweepScores(world.asControl('system'), undefined)).toBe(2);
  expect(world.messages.map(({ job }) => job)).toEqual([
    { kind: 'churn.refit', tenantId: 'foo' },
    { kind: 'churn.refit', tenantId: 'bar' },
  ]);
  expect(await sweepScores(world.asControl('system'), undefined)).toBe(0);
});
