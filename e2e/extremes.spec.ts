import { expect, test } from '@playwright/test';
import { expectFits, signIn } from './journey';
import { importOrders, mintTenant, mintUser } from './tenants';

test('a tenant’s name of 150 letters without a blank widens no page', async ({ page }) => {
  const tenant = await mintTenant('W'.repeat(150));
  await signIn(page, await mintUser('scientist', tenant.id));
  for (const path of ['/overview', '/workbench', '/extracts', '/customers', '/model', '/monitoring']) {
    await page.goto(path);
    await expectFits(page);
  }
  await page.context().clearCookies();
  await signIn(page, await mintUser('admin'));
  await page.goto('/admin/tenants');
  await expectFits(page);
});

test('the only order of a customer stands in the middle of its chart', async ({ page }) => {
  const tenant = await mintTenant();
  const { stdout } = await importOrders(tenant.id, ['c1,2024-03-05,1,12.50']);
  expect(stdout).toContain(`1 order from 1 customer for ${tenant.id}: added 1 order and 1 customer.`);
  await signIn(page, await mintUser('member', tenant.id));
  await page.goto('/customers/c1');
  const canvas = page.locator('.u-over');
  await canvas.hover();
  const [chart, mark] = await Promise.all([
    canvas.boundingBox(),
    page.locator('.u-cursor-pt').first().boundingBox(),
  ]);
  if (!chart || !mark) throw new Error('The chart was not drawn.');
  expect(mark.x + mark.width / 2 - chart.x).toBeCloseTo(chart.width / 2, -1);
});

test('a shop whose customers have hardly come back gets the reason in place of scores', async ({ page }) => {
  const tenant = await mintTenant();
  const once = Array.from({ length: 39 }, (_, n) => `c${n},2024-01-01,1,5.00`);
  await importOrders(tenant.id, [...once, 'back,2024-01-01,1,5.00', 'back,2024-01-02,1,5.00']);
  await signIn(page, await mintUser('member', tenant.id));
  await expect(async () => {
    await page.goto('/customers');
    await expect(page.getByText('No customer has come back twice yet')).toBeVisible({ timeout: 500 });
  }).toPass();
  await expectFits(page);
});
