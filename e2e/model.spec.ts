import { expect, test } from '@playwright/test';
import { demoOrders, expectFits, signIn } from './journey';
import { deploy } from './studio';
import { importOrders, mintTenant, mintUser } from './tenants';

test('what is chosen is what is shown and activated, with the way back', async ({
  page,
  context,
  browser,
}) => {
  const tenant = await mintTenant();
  const first = `a-${tenant.id}`;
  // As long as Studio lets a name be.
  const second = `b-${tenant.id}-`.padEnd(40, 'b');
  const reportOf = (endpoint: string) =>
    page.getByRole('heading', { name: `Contract report of ${endpoint}` });
  const activate = page.getByRole('button', { name: 'Activate' });
  const part = (name: string) =>
    page.getByRole('navigation', { name: 'Parts of this page' }).getByRole('link', { name, exact: true });

  await test.step('two endpoints that pass', async () => {
    await importOrders(tenant.id, demoOrders(400));
    await signIn(page, await mintUser('scientist', tenant.id));
    await page.getByRole('link', { name: 'Request workbench' }).click();
    await page.getByRole('button', { name: 'Request workbench' }).click();
    await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
    await page.goto('/extracts/new?dataset=churn_training&format=xgboost');
    await page.getByRole('button', { name: 'Submit extract' }).click();
    await expect(page.getByRole('link', { name: 'Download data.csv' })).toBeVisible();
    for (const endpoint of [first, second]) {
      await deploy(page, context, endpoint);
      await page.goto('/model');
      const row = page.locator('label', { hasText: endpoint });
      await expect(row).toContainText('In service');
      await row.getByRole('radio').check();
      await expect(page.getByText(`${endpoint} has never been tested. Test it`)).toBeVisible();
      await page.getByRole('button', { name: 'Test endpoint' }).click();
      await expect(reportOf(endpoint)).toBeFocused();
      await expect(page.getByRole('heading', { name: /^\d+ passed, 1 noted$/ })).toBeVisible();
      await expect(page.getByRole('list', { name: 'Checks that did not pass' })).toContainText('Noted');
      const passed = page.getByRole('list', { name: 'Checks that passed' });
      await expect(passed).toBeHidden();
      await page.getByText('Passed checks').click();
      await expect(passed).toBeVisible();
    }
  });

  await test.step('the button belongs to the chosen endpoint', async () => {
    await page.goto(`/model?endpoint=${first}`);
    await expect(activate).toHaveAccessibleName(`Activate ${first}`);
    const ofSecond = (url: URL) => url.searchParams.get('endpoint') === second;
    await page.route(ofSecond, async (route) => {
      await expect(page.getByText(`Loading the report of ${second}`)).toBeVisible();
      await expect(activate).toHaveCount(0);
      await route.continue();
    });
    await page.getByRole('radio', { name: second }).check();
    await expect(reportOf(second)).toBeVisible();
    await page.unroute(ofSecond);
    await expect(page).toHaveURL(new RegExp(`endpoint=${second}`));
    await expect(page.getByRole('radio', { name: second })).toBeFocused();
    await expect(reportOf(first)).toHaveCount(0);
    await expect(activate).toHaveAccessibleName(`Activate ${second}`);
    await expect(page.getByRole('definition').filter({ hasText: 'the built-in model' })).toBeVisible();
    await expect(
      page.getByRole('definition').filter({ hasText: `a new version of ${second}` }),
    ).toBeVisible();
    await expectFits(page);
  });

  await test.step('an activation says what is in use now, and what was before', async () => {
    const confirmation = (words: string) => page.getByRole('status').filter({ hasText: words });
    await activate.click();
    await expect(confirmation(`Version 1 (${second}) is in use now`)).toContainText(
      'Before: the built-in model.',
    );
    await expect(activate).toHaveCount(0);
    await part('Test').click();
    await expect(page.getByText(`In use: version 1 (${second}).`)).toBeVisible();
    await page.getByRole('radio', { name: first }).check();
    await expect(activate).toHaveAccessibleName(`Activate ${first}`);
    await activate.click();
    await expect(part('In use')).toHaveAttribute('aria-current', 'page');
    await expect(confirmation(`Version 2 (${first}) is in use now`)).toContainText(
      `Before: version 1 (${second}).`,
    );
    await expectFits(page);
    await confirmation('is in use now').getByRole('button', { name: 'Undo: version 1' }).click();
    await expect(confirmation(`Version 1 (${second}) is in use now`)).toContainText(
      `Before: version 2 (${first}).`,
    );
    await expect(page.getByRole('heading', { name: 'Activations, newest first' })).toBeVisible();
    await part('Versions').click();
    await expect(page.getByRole('button', { name: 'Return to version 2' })).toBeVisible();
    await expectFits(page);
    await part('Interface').click();
    await expect(page.getByRole('heading', { name: 'Churn interface, version 1' })).toBeVisible();
    await expectFits(page);
    await page.goBack();
    await expect(page.getByRole('table', { name: 'Versions, newest first' })).toBeVisible();
    await page.goto(`/model?endpoint=${first}`);
    await expect(
      page.getByRole('definition').filter({ hasText: `version 2 (${first}) again` }),
    ).toBeVisible();
  });

  await test.step('without JavaScript a link shows the report of another endpoint', async () => {
    const plain = await browser.newContext({
      javaScriptEnabled: false,
      storageState: await context.storageState(),
    });
    const other = await plain.newPage();
    await other.goto(new URL(`/model?endpoint=${first}`, page.url()).href);
    await other.getByRole('link', { name: `Report of ${second}` }).click();
    await expect(other.getByRole('heading', { name: `Contract report of ${second}` })).toBeVisible();
    await expect(other.getByRole('radio', { name: second })).toBeChecked();
    await other.getByRole('link', { name: 'Versions', exact: true }).click();
    await expect(other.getByRole('button', { name: 'Return to version 2' })).toBeVisible();
    await plain.close();
  });
});
