import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { asTenant } from '../local/database';
import { demoOrders, expectAccessible, signIn } from './journey';
import { expectStill, held, polled } from './still';
import { deploy } from './studio';
import { databaseUrl, fault, importOrders, mintTenant, mintUser } from './tenants';

const announced = (page: Page) => page.getByRole('status', { name: 'Announcements' });

test('pages that update themselves keep text, focus and position, and results get the focus', async ({
  page,
  context,
}) => {
  const tenant = await mintTenant();
  const endpoint = `live-${tenant.id}`;
  await importOrders(tenant.id, demoOrders(400));
  await signIn(page, await mintUser('scientist', tenant.id));
  await page.getByRole('link', { name: 'Request workbench' }).click();

  await test.step('the workbench while it is set up', async () => {
    await fault('domain.slow', tenant.id, '');
    const release = await held(page, '/workbench/status');
    await page.getByRole('button', { name: 'Request workbench' }).click();
    await expect(page.getByRole('heading', { name: 'Setting up your workbench' })).toBeFocused();
    await expect(announced(page)).toHaveText(/In progress: (AWS account|Baseline|Studio domain)$/);
    await expectStill(page, page.getByRole('heading', { name: 'Setting up your workbench' }), () =>
      polled(page, '/workbench/status'),
    );
    await expectAccessible(page);
    await release();
    await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
    await expect(announced(page)).toHaveText('Your workbench is ready');
    await expect(page.getByRole('region', { name: 'State of the workbench' })).toBeFocused();
  });

  await test.step('an extract that runs, and the list', async () => {
    await fault('glue.slow', tenant.id, '600000');
    await page.goto('/extracts/new?dataset=orders');
    await page.getByRole('button', { name: 'Submit extract' }).click();
    await expect(page.getByRole('heading', { name: 'Outcome' })).toBeFocused();
    const path = new URL(page.url()).pathname;
    const cancel = page.getByRole('button', { name: 'Cancel extract' });
    await expectStill(page, cancel, async () => {
      await expect(page.getByRole('heading', { name: 'Run started' })).toBeVisible();
      await polled(page, `${path}/status`);
    });
    await expectPlain(page, context, path);
    await page.goto('/extracts');
    await expectStill(page, page.getByRole('link', { name: 'Orders' }), () =>
      polled(page, '/extracts/status'),
    );
    await expectAccessible(page);
    await page.goto(path);
    await cancel.click();
    await expect(page.getByRole('heading', { name: 'Outcome' })).toBeFocused();
    await expect(page.getByText('The extract was cancelled')).toBeVisible();
    await expect(announced(page)).toHaveText('Orders: Cancelled');
    await expectAccessible(page);
  });

  await test.step('an extract that fails and is retried', async () => {
    await fault('glue.fail', tenant.id, 'The replica went away.');
    await page.goto('/extracts/new?dataset=orders');
    await page.getByRole('button', { name: 'Submit extract' }).click();
    const failed = page.getByText('The replica went away.');
    await expect(failed).toBeVisible();
    await expect(announced(page)).toHaveText('Orders: Failed');
    await page.getByRole('button', { name: 'Retry extract' }).click();
    await expect(page.getByRole('heading', { name: /^(Outcome|File)$/ })).toBeFocused();
    await expect(page.getByRole('link', { name: 'Download data.csv' })).toBeVisible();
    await expect(announced(page)).toHaveText('Orders: Done');
  });

  await test.step('endpoints that SageMaker creates', async () => {
    await page.goto('/extracts/new?dataset=churn_training&format=xgboost');
    await page.getByRole('button', { name: 'Submit extract' }).click();
    await expect(page.getByRole('link', { name: 'Download data.csv' })).toBeVisible();
    await deploy(page, context, endpoint);
    await page.goto('/model');
    await expectStill(page, page.getByRole('radio', { name: new RegExp(endpoint) }), () =>
      expect(page.getByText('In service').first()).toBeVisible(),
    );
  });

  await test.step('a test and an activation', async () => {
    await page.getByRole('radio', { name: new RegExp(endpoint) }).check();
    await page.getByRole('button', { name: 'Test endpoint' }).click();
    await expect(page.getByRole('heading', { name: `Contract report of ${endpoint}` })).toBeFocused();
    await expect(announced(page)).toHaveText(
      `Contract report of ${endpoint}. Passed: meets the churn interface`,
    );
    await expectAccessible(page);
    await page.getByRole('button', { name: `Activate ${endpoint}` }).click();
    await expect(page.getByRole('heading', { name: 'In use', exact: true })).toBeFocused();
    await expect(announced(page)).toHaveText(`In use: version 1 (${endpoint}). Before: the built-in model.`);
  });

  await test.step('scores that are computed', async () => {
    await page.goto('/customers');
    await expect(page.getByRole('heading', { name: 'Version 1 active and shown' })).toBeVisible();
    await page.getByRole('button', { name: 'Score all now' }).click();
    await expect(page.getByRole('heading', { name: 'Version 1 active and shown' })).toBeFocused();
    await expect(announced(page)).toHaveText(/^Version 1 active and shown/);
    await expect(page.getByRole('button', { name: 'Score all now' })).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('an action that fails', async () => {
    // No scoring is under way or requested: it would take the button away, and nobody signed in would see it come back.
    const cookies = await context.cookies();
    await context.clearCookies();
    await page.getByRole('button', { name: 'Score all now' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'Scoring was not started' })).toBeVisible();
    await expect(page.locator(':focus')).toContainText('Scoring was not started');
    await expectAccessible(page);
    await context.addCookies(cookies);
    await page.goto('/customers');
  });

  await test.step('a result, and another page’s change, beside a field in which somebody types', async () => {
    const search = page.getByRole('searchbox', { name: 'Search' });
    await page.route('**/customers', async (route) => {
      if (route.request().method() === 'POST') await search.pressSequentially('B0');
      await route.continue();
    });
    await announcedAnew(page, () => page.getByRole('button', { name: 'Score all now' }).click());
    await page.unroute('**/customers');
    await search.pressSequentially('01');
    await expect(search).toBeFocused();
    await expect(search).toHaveValue('B001');
    await expect(page.getByRole('button', { name: 'Score all now' })).toBeVisible();
    const other = await context.newPage();
    await other.goto('/model?tab=in-use');
    await other.getByRole('button', { name: 'Switch to built-in model' }).click();
    await expect(other.getByText('The built-in model is in use now')).toBeVisible();
    await other.close();
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await expect(page.getByRole('heading', { name: 'Built-in model active', exact: true })).toBeVisible();
    await expect(search).toBeFocused();
    await expect(search).toHaveValue('B001');
    await page.goto('/model?tab=versions');
    await page.getByRole('button', { name: 'Return to version 1' }).click();
    await expect(page.getByText(`Version 1 (${endpoint}) is in use now`)).toBeVisible();
  });

  await test.step('metrics that are read each minute', async () => {
    await page.clock.install();
    await page.goto('/monitoring');
    const export_ = page.getByRole('link', { name: 'Export CSV' });
    await expectStill(page, export_, async () => {
      const read = polled(page, '/monitoring/data', 1);
      await page.clock.runFor(70_000);
      await read;
    });
    await expectQuietWhileHidden(page, '/monitoring/data');
  });
});

test('what is typed above customers stays while their scores change, and when updates fail', async ({
  page,
}) => {
  const tenant = await mintTenant();
  await importOrders(tenant.id, demoOrders(200));
  await setMode(tenant.id, 'fallback');
  await signIn(page, await mintUser('scientist', tenant.id));
  await page.goto('/customers');
  const heading = (name: RegExp) => page.getByRole('heading', { name });
  await expect(heading(/\(fallback\)$/)).toBeVisible();
  const search = page.getByRole('searchbox', { name: 'Search' });

  await test.step('a change renders the page again, in place', async () => {
    await expectStill(page, search, () => polled(page, '/scoring/status'), 'B00');
    await search.focus();
    await setMode(tenant.id, 'default');
    await expect(heading(/^Built-in model active$/)).toBeVisible();
    await expect(search).toBeFocused();
    await expect(search).toHaveValue('B00');
    await expect(announced(page)).toHaveText('Built-in model active.');
  });

  await test.step('a search, a filter and a turn of the page leave the focus and what is typed on', async () => {
    const asked = (url: URL) => url.searchParams.get('q') === 'B00';
    await page.route(asked, async (route) => {
      await search.pressSequentially('1');
      await route.continue();
    });
    await search.press('Enter');
    await page.waitForURL(asked);
    await expect(page.getByRole('link', { name: 'Clear' })).toBeVisible();
    await expect(search).toBeFocused();
    await expect(search).toHaveValue('B001');
    await page.unroute(asked);
    await page.getByRole('link', { name: 'Clear' }).press('Enter');
    await expect(page.getByRole('search', { name: 'Customers' })).toBeFocused();
    await expect(search).toHaveValue('');
    const band = page.getByRole('combobox', { name: 'Risk band' });
    await band.press('ArrowDown');
    await page.waitForURL(/band=high/);
    await expect(page.getByRole('link', { name: 'Clear' })).toBeVisible();
    await expect(band).toBeFocused();
    await page.goto('/customers');
    const next = page.getByRole('link', { name: 'Next' });
    await expect(async () => {
      await next.press('Enter', { timeout: 1000 });
      await expect(next).toHaveCount(0, { timeout: 2000 });
    }).toPass();
    await expect(page.getByRole('navigation', { name: 'Pages of customers' })).toBeFocused();
  });

  await test.step('a page that cannot be updated says so and shows what it has', async () => {
    await setMode(tenant.id, 'fallback');
    await page.goto('/customers');
    await polled(page, '/scoring/status', 1);
    await search.fill('B001');
    await page.route('**/scoring/status', (route) => route.abort());
    const updates = page.getByRole('status', { name: 'Updates' });
    await expect(updates).toHaveText(/^Last updated at .* – not updating\. Trying again\.$/);
    await expectAccessible(page);
    await page.unroute('**/scoring/status');
    await expect(updates).toHaveText('');
    await page.context().clearCookies();
    await expect(updates).toHaveText(/not updating\. You are not signed in/);
    await expect(search).toHaveValue('B001');
    await expect(page.getByRole('table', { name: 'Customers' })).toBeVisible();
  });
});

/** Waits until something is announced after `act`, though in the same words. */
async function announcedAnew(page: Page, act: () => Promise<void>): Promise<void> {
  const said = page.getByRole('status', { name: 'Announcements' }).locator('span');
  await said.evaluate((element) => element.setAttribute('data-said', 'before'));
  await act();
  await expect(said).not.toHaveAttribute('data-said', 'before');
}

/** Without JavaScript a page does not load itself again, and has a link to do so. */
async function expectPlain(page: Page, context: BrowserContext, path: string): Promise<void> {
  const plain = await context.browser()?.newContext({
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  });
  const other = await plain?.newPage();
  await other?.goto(new URL(path, page.url()).href);
  expect(await other?.getByRole('link', { name: 'Refresh' }).getAttribute('href')).toBe(path);
  expect(await other?.locator('meta[http-equiv=refresh]').count()).toBe(0);
  await plain?.close();
}

/** Nothing is polled at `path` while the page, whose clock is the test's, is hidden; at its return it is. */
async function expectQuietWhileHidden(page: Page, path: string): Promise<void> {
  const show = (state: 'hidden' | 'visible') =>
    page.evaluate((visibilityState) => {
      Object.defineProperty(document, 'visibilityState', { value: visibilityState, configurable: true });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, state);
  await show('hidden');
  const read: string[] = [];
  page.on('request', (request) => read.push(new URL(request.url()).pathname));
  await page.clock.runFor(180_000);
  expect(read.filter((each) => each === path)).toEqual([]);
  const again = polled(page, path, 1);
  await show('visible');
  await again;
}

/** Says which scores the tenant's people see, as the worker does during an outage of a model. */
async function setMode(tenantId: string, mode: 'default' | 'fallback'): Promise<void> {
  await asTenant(await databaseUrl(), tenantId, (client) =>
    client.query(
      `insert into scoring (tenant_id, mode, reason) values ($1, $2, 'It does not respond.')
       on conflict (tenant_id) do update set mode = excluded.mode, reason = excluded.reason, since = now()`,
      [tenantId, mode],
    ),
  );
}
