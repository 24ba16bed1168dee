import { expect, test } from '@playwright/test';
import { furtherTenants } from '../local/seed/demo-tenants';
import { makeTenants } from '../local/seed/make-demo-tenants';
import { demoPassword, signIn } from './journey';
import { runningStack } from './tenants';

/** Workbenches take longer, and would be among what other journeys look for in the overview. */
const soonThere = furtherTenants.filter(({ workbench, fate }) => !workbench && fate !== 'requested');

test('the demo’s further tenants end up in their states, and a repetition changes nothing', async ({
  page,
}) => {
  const make = async () =>
    makeTenants(soonThere, await runningStack(), demoPassword, new AbortController().signal);
  expect(await make()).toEqual([]);
  await signIn(page, 'admin@xyz.example', demoPassword);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  const states = async () => {
    const words: string[] = [];
    for (const { name } of soonThere) {
      await page.goto(`/admin/tenants?${new URLSearchParams({ q: name })}`);
      words.push((await page.getByRole('row', { name }).getByRole('cell').first().textContent()) ?? '');
    }
    return words;
  };
  const expected = { suspended: 'Suspended', closing: 'Closing', closed: 'Closed', declined: 'Declined' };
  const first = await states();
  expect(first).toEqual(
    soonThere.map(({ fate }) => (expected as Readonly<Record<string, string>>)[fate] ?? 'Active'),
  );
  await make();
  expect(await states()).toEqual(first);
  await page.goto('/admin/tenants/lumen');
  await expect(page.getByRole('button', { name: 'Retry' })).toBeVisible();
});
