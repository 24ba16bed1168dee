import { expect, type Locator, type Page, test } from '@playwright/test';
import { demoPassword, expectAccessible, expectFits, orderHistory, signIn } from './journey';
import { fault, importOrders, mintTenant, mintUser } from './tenants';

test('a data scientist goes from order history to Studio', async ({ page, context }) => {
  const tenant = await mintTenant();
  const email = await mintUser('scientist', tenant.id);

  await test.step('the landing page leads through the hosted sign-in', async () => {
    await page.goto('/');
    await expectAccessible(page);
    await signIn(page, email);
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  });

  await test.step('the overview says what to do next, and by whom', async () => {
    await expect(step(page, 'Import orders').getByText('Next', { exact: true })).toBeVisible();
    await expect(step(page, 'Import orders').getByRole('link', { name: 'Import orders' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Request workbench' })).toBeVisible();
    await expect(step(page, 'Take a training extract').getByText('Later', { exact: true })).toBeVisible();
    await expectFits(page);
  });

  await test.step('customers lead to the import before there are any', async () => {
    await page.getByRole('link', { name: 'Customers' }).click();
    await expect(page.getByRole('link', { name: 'Import orders' }).first()).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('imported customers are scored by the default', async () => {
    await importOrders(tenant.id, orderHistory(120));
    await expect(async () => {
      await page.reload();
      await expect(page.getByText(/bgnbd-/).first()).toBeVisible({ timeout: 1000 });
    }).toPass();
    await expect(page.getByRole('table', { name: 'Customers' }).getByRole('row')).toHaveCount(51);
    await expectAccessible(page);
  });

  await test.step('a customer has orders, features and a score', async () => {
    await page
      .getByRole('link', { name: 'C0005', exact: true })
      .or(page.locator('a[href^="/customers/C"]').first())
      .first()
      .click();
    await expect(page.getByRole('heading', { level: 1, name: /Customer C/ })).toBeVisible();
    await expect(page.getByText('Probability of no order in the 90 days')).toBeVisible();
    await expect(page.getByText('bgnbd-1')).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('a workbench is requested, survives a closed page, and comes up', async () => {
    await page.getByRole('link', { name: 'Overview' }).click();
    await expect(step(page, 'Import orders').getByText('Done', { exact: true })).toBeVisible();
    await expect(page.getByRole('term').filter({ hasText: 'Customers at high risk' })).toBeVisible();
    await page.getByRole('link', { name: 'Request workbench' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Workbench' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Request workbench' }).click();
    await expect(page.getByRole('heading', { name: 'AWS account' })).toBeVisible();
    await page.close();
    const again = await context.newPage();
    await again.goto('/overview');
    // The open page notices that the setup ended.
    await expect(step(again, 'Set up the workbench').getByText('Done', { exact: true })).toBeVisible();
    await expectFits(again);
    await again.goto('/workbench');
    await expect(again.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
    await expectAccessible(again);
    await again.getByRole('link', { name: 'Take a training extract' }).click();
    await expect(again.getByRole('radio', { name: /CSV for SageMaker XGBoost/ })).toBeChecked();
  });

  await test.step('Studio opens in a new tab without a second sign-in, and its link works once', async () => {
    const portal = context.pages()[0] ?? (await context.newPage());
    await portal.goto('/workbench');
    const opened = context.waitForEvent('page');
    const authorised = context.waitForEvent('request', (request) =>
      /\/studio\/[^/]+\/auth\?/.test(request.url()),
    );
    await portal.getByRole('button', { name: 'Launch Studio' }).click();
    const studio = await opened;
    const link = (await authorised).url();
    await expect(studio.getByRole('heading', { level: 1 })).toContainText('Studio');
    await expect(studio.getByText(new RegExp(`annex-${tenant.id}-\\d{12}`)).first()).toBeVisible();
    await expectAccessible(studio);
    const second = await (await context.newPage()).goto(link);
    expect(second?.status()).toBe(403);
  });
});

test('two presses from two browsers make one workbench', async ({ browser }) => {
  const tenant = await mintTenant();
  const people = await Promise.all([mintUser('scientist', tenant.id), mintUser('scientist', tenant.id)]);
  const pages = await Promise.all(
    people.map(async (email) => {
      const page = await (await browser.newContext()).newPage();
      await signIn(page, email);
      await page.getByRole('link', { name: 'Request workbench' }).click();
      await expect(page.getByRole('button', { name: 'Request workbench' })).toBeVisible();
      return page;
    }),
  );
  await Promise.all(pages.map((page) => page.getByRole('button', { name: 'Request workbench' }).dblclick()));
  const domains = await Promise.all(
    pages.map(async (page) => {
      await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
      return page
        .getByText(/^d-[a-z0-9]{12}$/)
        .first()
        .textContent();
    }),
  );
  expect(domains[0]).toBe(domains[1]);
  await Promise.all(pages.map((page) => page.context().close()));
});

for (const [point, step] of [
  ['account.vend', 'AWS account'],
  ['baseline.fail', 'Baseline'],
  ['domain.fail', 'Studio domain'],
] as const) {
  test(`a failed ${step} says why, and a retry goes on from there`, async ({ page }) => {
    const tenant = await mintTenant();
    await fault(point, tenant.id, 'The organisation has no accounts left.');
    await signIn(page, await mintUser('scientist', tenant.id));
    await page.getByRole('link', { name: 'Request workbench' }).click();
    await page.getByRole('button', { name: 'Request workbench' }).click();
    const failed = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: step }) });
    await expect(failed.getByText('Failed', { exact: true })).toBeVisible();
    await expect(failed.getByText('The organisation has no accounts left.')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Overview' }).click();
    await expect(page.getByText('The organisation has no accounts left.')).toBeVisible();
    await page.getByRole('link', { name: 'See what failed' }).click();
    await page.getByRole('button', { name: 'Retry from this step' }).click();
    await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
  });
}

test('a browser that blocks the new tab is offered this one', async ({ page }) => {
  await signIn(page, 'scientist@bar.example', demoPassword);
  await page.getByRole('link', { name: 'Workbench', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
  await page.evaluate(() => {
    window.open = () => null;
  });
  // Before the page's script runs, a click opens a tab by the form alone, so this is repeated.
  const offer = page.getByRole('button', { name: 'Open in this tab' });
  await expect(async () => {
    if (!(await offer.isVisible())) await page.getByRole('button', { name: 'Launch Studio' }).click();
    await expect(offer).toBeVisible({ timeout: 5000 });
  }).toPass();
  await offer.click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Studio');
});

test('without JavaScript a workbench can be requested and Studio launched', async ({ browser }) => {
  const tenant = await mintTenant();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, await mintUser('scientist', tenant.id));
  await page.getByRole('link', { name: 'Request workbench' }).click();
  await page.getByRole('button', { name: 'Request workbench' }).click();
  await expect(async () => {
    await page.goto('/workbench');
    await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 120_000 });
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Launch Studio' }).click();
  await expect((await opened).getByRole('heading', { level: 1 })).toContainText('Studio');
  await context.close();
});

/** The step of the overview's checklist with that heading. */
function step(page: Page, title: string): Locator {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) });
}
