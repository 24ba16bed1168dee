import { expect, it, vi } from 'vitest';

vi.mock('@/lib/deps', () => ({ readinessChecks: {} }));
vi.mock('@/lib/log', async () => {
  const { Outages } = await import('@/lib/outages');
  return { outages: new Outages({ info: () => {}, warn: () => {} }) };
});

const { readiness } = await import('./readiness');

it('is ready when every part answers', async () => {
  expect(await readiness({ database: async () => 1, queue: async () => 1 })).toEqual({
    ready: true,
    parts: { database: 'ok', queue: 'ok' },
  });
});

it('names the parts that fail or do not answer in time', async () => {
  const checks = {
    database: () => Promise.reject(new Error('password wrong')),
    queue: () => new Promise(() => {}),
    requests: async () => 1,
  };
  expect(await readiness(checks, 5)).toEqual({
    ready: false,
    parts: { database: 'failed', queue: 'failed', requests: 'ok' },
  });
});
