import { expect, type Page, test } from '@playwright/test';
import { orderHistory, signIn } from './journey';
import { journeyStack as stack } from './stack';
import { importOrders, mintTenant, mintUser } from './tenants';

declare global {
  interface Window {
    /** What a page that the browser took out of its cache showed in its first frame. */
    firstFrame?: string;
  }
}

/** An id of a customer of the first tenant. */
const ofAda = /\bA\d{4}\b/;

const firstFrame = (page: Page): Promise<string> => page.evaluate(() => window.firstFrame ?? '');

test('Back shows nothing of somebody else from the browser’s own cache of pages', async ({
  playwright,
  launchOptions,
}) => {
  // Playwright turns this cache off, with which browsers show a page as it was left.
  const browser = await playwright.chromium.launch({
    ...launchOptions,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
  const context = await browser.newContext({ baseURL: stack.origin });
  await context.addInitScript(() => {
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) requestAnimationFrame(() => (window.firstFrame = document.body.textContent));
    });
  });
  const [a, b] = await Promise.all([mintTenant(), mintTenant()]);
  const [ada, bea] = await Promise.all([mintUser('scientist', a.id), mintUser('scientist', b.id)]);
  await importOrders(a.id, orderHistory(20, 'A'));
  const page = await context.newPage();
  const row = page.getByRole('link', { name: /^A\d{4}$/ }).first();
  const leave = async (from: Page) => {
    await from.getByRole('button', { name: 'Sign out' }).click();
    await expect(from.getByRole('heading', { level: 1, name: 'Signed out' })).toBeVisible();
  };

  await signIn(page, ada);
  await page.goto('/customers');
  await expect(row).toBeVisible();
  await page.goto('/api/health');
  const other = await context.newPage();
  await other.goto('/overview');
  await leave(other);
  await page.goBack();
  const signedOut = page.getByRole('heading', { level: 1, name: 'You are signed out' });
  await expect(page.getByLabel('Password').or(signedOut)).toBeVisible();
  await expect(row).toBeHidden();
  expect(await firstFrame(page)).not.toMatch(ofAda);

  await signIn(page, ada);
  await page.goto('/customers');
  await expect(row).toBeVisible();
  await page.goto('/api/health');
  await other.goto('/overview');
  await leave(other);
  await signIn(other, bea);
  await page.goBack();
  await expect(page.getByTitle(b.name)).toBeVisible();
  await expect(page.getByText(a.name)).toHaveCount(0);
  await expect(row).toBeHidden();
  expect(await firstFrame(page)).not.toMatch(ofAda);
  await browser.close();
});
