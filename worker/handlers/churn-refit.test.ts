import { expect, it, vi } from 'vitest';
import type { TenantContext } from '@/lib/domain/context';
import { untouchable } from '@/lib/domain/workbench/testing';

let running = 0;
let most = 0;
const context = (tenantId: string): TenantContext => ({
  actor: { id: 'worker', name: 'Annex', roles: ['system'] },
  tenant: { id: tenantId, name: tenantId, state: 'active', accountId: null, createdAt: new Date(0) },
  requestId: 'message',
  log: untouchable('the log'),
  now: () => new Date(),
  ports: {
    ...untouchable<TenantContext['ports']>('a port'),
    scores: {
      rescore: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return { outcome: 'empty' };
      },
    },
  },
});

vi.mock('@/lib/deps', () => ({ tenantContextForSystem: async (tenantId: string) => context(tenantId) }));

const { churnRefit } = await import('./churn-refit');

it('makes refits that come at once wait for each other, and fails none', async () => {
  const jobs = Array.from({ length: 8 }, (_, n) =>
    churnRefit({ kind: 'churn.refit', tenantId: `t${n}` }, `m${n}`),
  );
  await Promise.all(jobs);
  expect(most).toBe(2);
});
