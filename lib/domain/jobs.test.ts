import { expect, expectTypeOf, it } from 'vitest';
import { type Job, jobsOf, type TenantJob } from './jobs';

it('a tenant can send only its own jobs', async () => {
  expectTypeOf<TenantJob>().not.toHaveProperty('tenantId');
  const sent: Job[] = [];
  const queue = jobsOf('foo', { send: async (job) => void sent.push(job) });
  const stray = { kind: 'scores.look', tenantId: 'bar' } as const;
  await queue.send(stray);
  expect(sent).toEqual([{ kind: 'scores.look', tenantId: 'foo' }]);
});
