import { expect, type Locator, test } from '@playwright/test';
import { expectFits, orderHistory, signIn } from './journey';
import { importOrders, mintTenant, mintUser } from './tenants';

test('a long list keeps its header, its rows lead on, and a phone shows each figure with its name', async ({
  page,
}) => {
  const tenant = await mintTenant();
  await importOrders(tenant.id, orderHistory(120));
  await signIn(page, await mintUser('member', tenant.id));
  await page.setViewportSize({ width: 1440, height: 700 });
  await page.goto('/customers?order=id-asc');
  const table = page.getByRole('table', { name: 'Customers' });
  const row = table.getByRole('row').filter({ hasText: 'C0030' });
  const figure = row.getByRole('cell').last();

  await test.step('each page says which of how many customers it shows, and a search shows how many', async () => {
    const pages = page.getByRole('navigation', { name: 'Pages of customers' });
    await expectToLead(pages, 'customers', ['Next', 'Previous']);
    await page.goto('/customers?order=id-asc&q=C00');
    await expect(pages.getByText('Showing 50 customers')).toBeVisible();
    await page.goto('/customers?order=id-asc');
    await expect(pages.getByText('1–50 of 120 customers')).toBeVisible();
  });

  await test.step('the header stays while the page scrolls', async () => {
    await row.scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 500);
    await expect.poll(async () => (await table.locator('thead').boundingBox())?.y).toBe(0);
    await expect(table.getByRole('columnheader', { name: 'Order days' })).toBeInViewport();
  });

  await test.step('a click in a row follows its link, but not one that selects text', async () => {
    await figure.evaluate((element) => getSelection()?.selectAllChildren(element));
    await figure.dispatchEvent('click', { bubbles: true });
    await expect(page).toHaveURL(/\/customers\?/);
    await page.evaluate(() => getSelection()?.removeAllRanges());
    const opened = page.context().waitForEvent('page');
    await figure.click({ modifiers: ['ControlOrMeta'] });
    const tab = await opened;
    await expect(tab).toHaveURL(/\/customers\/C0030$/);
    await tab.close();
    await figure.click();
    await expect(page).toHaveURL(/\/customers\/C0030$/);
  });

  await test.step('cards on a phone', async () => {
    await page.goto('/customers?order=id-asc');
    await expectFits(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(table.locator('thead')).toBeHidden();
    const shown = await figure.evaluate((cell) => getComputedStyle(cell, '::before').content);
    expect(shown).toBe('"Orders, last 90 days"');
    const frame = await table.evaluate(
      (element) => element.parentElement?.scrollWidth === element.clientWidth,
    );
    expect(frame).toBe(true);
  });
});

test('a customer’s orders say which of how many are shown, and lead back to newer ones', async ({ page }) => {
  const tenant = await mintTenant();
  const orders = Array.from({ length: 120 }, (_, n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString());
  await importOrders(
    tenant.id,
    orders.map((at) => `c1,${at.slice(0, 10)},1,5.00`),
  );
  await signIn(page, await mintUser('member', tenant.id));
  await page.goto('/customers/c1');
  const pages = page.getByRole('navigation', { name: 'Pages of orders' });
  await expect(pages.getByText('1–50 of 120 orders')).toBeVisible();
  await expect(pages.getByRole('link')).toHaveText(['Older']);
  await expectToLead(pages, 'orders', ['Older', 'Newer']);
  await page.goto('/customers/c1?cursor=nonsense');
  await expect(page.getByText('This page of orders doesn’t exist')).toBeVisible();
});

/** Expects that the links of a pager lead through a list of 120 rows in pages of 50, and back. */
async function expectToLead(
  pages: Locator,
  rows: string,
  [on, back]: readonly [on: string, back: string],
): Promise<void> {
  for (const [go, range] of [
    [on, '51–100'],
    [on, '101–120'],
    [back, '51–100'],
    [back, '1–50'],
  ] as const) {
    await pages.getByRole('link', { name: go }).click();
    await expect(pages.getByText(`${range} of 120 ${rows}`)).toBeVisible();
  }
}
