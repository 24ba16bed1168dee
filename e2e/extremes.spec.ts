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
  for (const path of ['/overview', '/admin/tenants']) {
    await page.goto(path);
    await expectFits(page);
  }
});

test('the chart of a customer’s only order runs to the as-of date and tells the silence', async ({
  page,
}) => {
  const tenant = await mintTenant();
  const { stdout } = await importOrders(tenant.id, ['c1,2024-03-05,1,12.50', 'c2,2024-07-01,1,5.00']);
  expect(stdout).toContain(`2 orders from 2 customers for ${tenant.id}: added 2 orders and 2 customers.`);
  await signIn(page, await mintUser('member', tenant.id));
  await page.goto('/customers/c1');
  const chart = page.getByRole('figure').filter({ hasText: 'Orders over time' });
  await expect(chart.getByText('119 days without an order, from 05 Mar 2024 to 02 Jul 2024')).toBeVisible();
  await expect(chart.getByText('90 days: reached on 03 Jun 2024')).toBeVisible();
  await expect(chart.getByText('Mean gap')).toHaveCount(0);
  await expectFits(page);
  const [drawing, silence] = await Promise.all([
    chart.locator('svg').boundingBox(),
    chart.locator('svg rect').first().boundingBox(),
  ]);
  if (!drawing || !silence) throw new Error('The chart was not drawn.');
  expect(silence.x + silence.width).toBeCloseTo(drawing.x + drawing.width, 0);
  expect(silence.width).toBeGreaterThan(drawing.width * 0.9);
  await page.goto('/customers/c2');
  await expect(chart.getByText('90 days: not reached')).toBeVisible();
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
  await page.goto('/customers/back');
  await expect(page.getByText('No score. No customer has come back twice yet')).toBeVisible();
});
