import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestDatabase } from '@/local/testing/database';
import { readTenant, withTenant, withTenantConnection } from './tenant-scope';

let database: Awaited<ReturnType<typeof startTestDatabase>>;
beforeAll(async () => {
  database = await startTestDatabase(['noisy', 'quiet']);
});
afterAll(() => database?.stop());

it.each([
  ['transactions', (tenant: string, work: () => Promise<void>) => withTenant(tenant, work)],
  ['reads', (tenant: string, work: () => Promise<void>) => readTenant(tenant, work)],
  ['connections', (tenant: string, work: () => Promise<void>) => withTenantConnection(tenant, work)],
])('of %s is left to another tenant, however much one has to do', async (_, inTransaction) => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let running = 0;
  let most = 0;
  const noisy = Array.from({ length: 40 }, () =>
    inTransaction('noisy', async () => {
      running += 1;
      most = Math.max(most, running);
      await gate;
      running -= 1;
    }),
  );
  await vi.waitFor(() => expect(running).toBe(4));
  await inTransaction('quiet', async () => expect(running).toBe(4));
  open();
  await Promise.all(noisy);
  expect(most).toBe(4);
});

it('is the same for all copies of the modules that a bundler makes', async () => {
  vi.resetModules();
  const copy = await import('./tenant-scope');
  expect(copy.withTenant).not.toBe(withTenant);
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let running = 0;
  let most = 0;
  const noisy = Array.from({ length: 20 }, (_, n) =>
    (n % 2 ? withTenant : copy.withTenant)('noisy', async () => {
      running += 1;
      most = Math.max(most, running);
      await gate;
      running -= 1;
    }),
  );
  await vi.waitFor(() => expect(running).toBe(4));
  open();
  await Promise.all(noisy);
  expect(most).toBe(4);
});
