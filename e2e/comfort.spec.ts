import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { expectAccessible, expectFits, orderHistory, ready, signIn } from './journey';
import { clearFaults, fault, importOrders, mintTenant, mintUser } from './tenants';

const announced = (page: Page) => page.getByRole('status', { name: 'Announcements' });
const palette = (page: Page) => page.getByRole('dialog', { name: 'Find or go to' });

test('the palette leads by keyboard to customers, pages and actions; / goes to the search', async ({
  page,
}) => {
  const tenant = await mintTenant();
  await importOrders(tenant.id, orderHistory(40));
  const other = await mintTenant();
  await importOrders(other.id, orderHistory(3, 'SECRET'));
  await signIn(page, await mintUser('scientist', tenant.id));
  const field = page.getByRole('combobox', { name: 'Find or go to' });
  const options = palette(page).getByRole('option');

  await test.step('its button shows the shortcut, and gets the focus back', async () => {
    const button = page.getByRole('button', { name: 'Find or go to' });
    await expect(button).toHaveText(/Ctrl K/);
    await ready(page);
    await button.click();
    await expect(field).toBeFocused();
    await expect(options.first()).toHaveAttribute('aria-selected', 'true');
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(palette(page)).toHaveCount(0);
    await expect(button).toBeFocused();
  });

  await test.step('a customer', async () => {
    await page.keyboard.press('Control+k');
    await field.fill('c000');
    const found = palette(page).getByRole('group', { name: 'Customers' }).getByRole('option');
    await expect(found.first()).toHaveText('C0000');
    await expect(found.last()).toHaveText('All customers that match “c000”');
    await page.keyboard.press('ArrowDown');
    const second = options.nth(1);
    await expect(second).toHaveAttribute('aria-selected', 'true');
    await expect(field).toHaveAttribute('aria-activedescendant', (await second.getAttribute('id')) ?? '');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/customers\/C0001$/);
    await expect(palette(page)).toHaveCount(0);
  });

  await test.step('another tenant’s customers are not found', async () => {
    await page.keyboard.press('Control+k');
    await field.fill('SECRET');
    await expect(palette(page).getByRole('status')).toHaveText('Nothing matches.');
    expect(await (await page.request.get('/find?q=SECRET')).json()).toEqual({
      title: 'Customers',
      items: [],
    });
  });

  await test.step('an action', async () => {
    await field.fill('new ext');
    await expect(options).toHaveText(['New extract']);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'New extract' })).toBeVisible();
  });

  await test.step('what could not be found is said', async () => {
    await page.route('**/find?**', (route) => route.abort());
    await page.keyboard.press('Control+k');
    await field.fill('C0001');
    await expect(palette(page).getByRole('status')).toHaveText(
      'Only pages and actions are listed. Annex did not answer.',
    );
    await page.keyboard.press('Escape');
    await page.unroute('**/find?**');
  });

  await test.step('/ where there is no search, and where there is one', async () => {
    await page.goto('/model');
    await ready(page);
    await page.keyboard.press('/');
    await expect(field).toBeFocused();
    await page.keyboard.press('Escape');
    await page.goto('/customers');
    await ready(page);
    await page.keyboard.press('/');
    const search = page.getByRole('searchbox', { name: 'Search' });
    await expect(search).toBeFocused();
    await page.keyboard.type('a/b');
    await expect(search).toHaveValue('a/b');
    await expect(palette(page)).toHaveCount(0);
  });

  await test.step('/ once it is turned off', async () => {
    const choice = palette(page).getByRole('checkbox', { name: 'The key / searches, too' });
    await page.goto('/model');
    await ready(page);
    await page.keyboard.press('/');
    await choice.uncheck();
    await page.keyboard.press('Escape');
    await expect(palette(page)).toHaveCount(0);
    await page.keyboard.press('/');
    await page.keyboard.press('Control+k');
    await expect(choice).not.toBeChecked();
    await page.keyboard.press('Escape');
  });

  await test.step('on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.getByRole('button', { name: 'Find or go to' }).click();
    await expect(field).toBeFocused();
    await expectFits(page);
  });
});

test('a member finds customers and no extracts, a seller pages and listings to make', async ({
  page,
  browser,
}) => {
  const tenant = await mintTenant();
  await importOrders(tenant.id, orderHistory(3));
  await signIn(page, await mintUser('member', tenant.id));
  await ready(page);
  await page.getByRole('button', { name: 'Find or go to' }).click();
  await expect(palette(page).getByRole('option')).toHaveText(['Overview', 'Customers']);
  expect(await (await page.request.get('/find')).json()).toEqual({ title: 'Extracts', items: [] });
  const seller = await (await browser.newContext()).newPage();
  await signIn(seller, await mintUser('seller'));
  await ready(seller);
  await seller.getByRole('button', { name: 'Find or go to' }).click();
  await expect(palette(seller).getByRole('option')).toHaveText([
    'Overview',
    'Listings',
    'Subscriptions',
    'New listing',
  ]);
  expect((await seller.request.get('/find?q=C')).status()).toBe(403);
  expect((await seller.request.get('/overview/work')).status()).toBe(403);
  await seller.context().close();
});

test('ids are copied, terms are explained, dates name their zone, and paper has the table', async ({
  browser,
}) => {
  const tenant = await mintTenant();
  await importOrders(tenant.id, orderHistory(40));
  const context = await browser.newContext({
    timezoneId: 'Asia/Kolkata',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  await signIn(page, await mintUser('scientist', tenant.id));
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();

  await test.step('copy', async () => {
    await page.goto('/customers/C0001');
    await ready(page);
    await page.getByRole('button', { name: 'Copy customer id' }).click();
    await expect(announced(page)).toHaveText('Copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('C0001');
  });

  await test.step('a term under the pointer, at the focus and by press', async () => {
    const term = page.getByRole('button', { name: 'Churn risk' });
    const note = page.locator('.term-note', { hasText: 'no order in the next 90 days' });
    await expect(note).toBeHidden();
    await term.hover();
    await expect(note).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(note).toBeHidden();
    await page.keyboard.press('Tab');
    await expect(term).toBeFocused();
    await page.mouse.move(0, 0);
    await expect(note).toBeVisible();
    await expect(term).toHaveAccessibleDescription(/no order in the next 90 days/);
    await page.keyboard.press('Escape');
    await term.click();
    await expect(note).toBeVisible();
  });

  await test.step('a date', async () => {
    await page.goto('/customers');
    const scored = page.locator('time[datetime*=T]').first();
    await expect(scored).toHaveText(/^\d\d \w{3} \d{4}, \d\d:\d\d UTC\+5:30$/);
    await expect(scored).toHaveAttribute('title', /\d\d:\d\d UTC$/);
  });

  await test.step('paper', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await expect(page.getByRole('columnheader', { name: 'Orders, last 90 days' })).toBeVisible();
    await expect(page.getByRole('navigation')).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'Export CSV' })).toHaveCount(0);
    // `lab(13 …)`: dark ink, though the person prefers a dark theme.
    const ink = await page.evaluate(() => getComputedStyle(document.body).color);
    expect(Number(/^lab\(([\d.]+) /.exec(ink)?.[1])).toBeLessThan(50);
    expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(10_000);
  });

  await expectPlainTerms(context, page.url());
  await context.close();
});

test('work that ends is told on other pages, and in the title of a hidden tab', async ({ page }) => {
  const tenant = await mintTenant();
  await signIn(page, await mintUser('scientist', tenant.id));
  await page.goto('/workbench');
  await ready(page);
  const setup = page.getByRole('heading', { name: 'Setting up your workbench' });
  const monitoring = page.getByRole('link', { name: 'Monitoring' });
  const toasts = page.getByRole('region', { name: 'Finished work' });

  await test.step('a failure stands in the title until somebody looks, and stays until it is dismissed', async () => {
    await fault('domain.fail', tenant.id, 'No domain today.');
    await page.getByRole('button', { name: 'Request workbench' }).click();
    await expect(setup).toBeVisible();
    const release = await heldWork(page);
    await monitoring.click();
    await expect(page.getByRole('heading', { level: 1, name: 'Monitoring' })).toBeVisible();
    const title = await page.title();
    await show(page, 'hidden');
    await release();
    await expect(page).toHaveTitle('✕ The setup of the workbench failed – Annex');
    await show(page, 'visible');
    await expect(page).toHaveTitle(title);
    await expect(toasts.getByRole('link')).toHaveText('The setup of the workbench failed');
    await expectAccessible(page);
    await toasts.getByRole('button', { name: 'Dismiss: The setup of the workbench failed' }).click();
    await expect(toasts).toHaveCount(0);
  });

  await test.step('a toast with a link, which leaves the focus where it is', async () => {
    await page.goto('/workbench');
    await ready(page);
    await page.getByRole('button', { name: 'Retry from this step' }).click();
    await expect(setup).toBeVisible();
    const release = await heldWork(page);
    await monitoring.click();
    await expect(page.getByRole('heading', { level: 1, name: 'Monitoring' })).toBeVisible();
    await release();
    const link = toasts.getByRole('link', { name: 'Workbench ready' });
    await expect(link).toBeVisible();
    await expect(announced(page)).toHaveText('Workbench ready');
    await expect(monitoring).toBeFocused();
    await link.click();
    await expect(page.getByText('Your workbench is ready')).toBeVisible();
    await expect(toasts).toHaveCount(0);
  });
  await clearFaults();
});

/** Until released, the shell hears that work goes on. */
async function heldWork(page: Page): Promise<() => Promise<void>> {
  const isWork = (url: URL) => url.pathname === '/overview/work';
  await page.route(isWork, (route) =>
    route.fulfill({
      json: { at: new Date().toISOString(), underWay: true, mark: '', words: '', ended: [] },
    }),
  );
  return () => page.unroute(isWork);
}

/** As when somebody looks at another tab, or at this one again. */
async function show(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate((visibilityState) => {
    Object.defineProperty(document, 'visibilityState', { value: visibilityState, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, state);
}

/** Without JavaScript a press explains a term, and nothing is offered that only a script can do. */
async function expectPlainTerms(context: BrowserContext, url: string): Promise<void> {
  const plain = await context.browser()?.newContext({
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  });
  const page = await plain?.newPage();
  if (!plain || !page) throw new Error('no browser');
  await page.goto(new URL('/customers/C0001', url).href);
  await expect(page.getByRole('button', { name: 'Find or go to' })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Copy customer id' })).toBeHidden();
  const note = page.locator('.term-note', { hasText: 'no order in the next 90 days' });
  await page.getByRole('button', { name: 'Churn risk' }).click();
  await expect(note).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(note).toBeHidden();
  await expect(page.locator('time[datetime*=T]').first()).toHaveText(/UTC$/);
  await plain.close();
}
