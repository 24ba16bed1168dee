import { expect, it } from 'vitest';
import { WorkbenchWorld } from '@/lib/domain/testing/workbench-world';
import { sweepScores } from './sweep-scores';

it('asks for a refit of each tenant whose scores stayed behind', async () => {
  const world = new WorkbenchWorld();
  world.staleScores.push('foo', 'bar');
  expect(await sweepScores(world.asControl('system'), undefined)).toBe(2);
  expect(world.messages.map(({ job }) => job)).toEqual([
    { kind: 'churn.refit', tenantId: 'foo' },
    { kind: 'churn.refit', tenantId: 'bar' },
  ]);
  expect(await sweepScores(world.asControl('system'), undefined)).toBe(0);
});
