import { readFile } from 'node:fs/promises';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { expectAccessible, expectFits, orderHistory, signIn } from './journey';
import { fault, importOrders, mintTenant, mintUser } from './tenants';

/** Creates a tenant with orders and a workbench, and opens the extracts as its scientist. */
async function atExtracts(page: Page): Promise<string> {
  const tenant = await mintTenant();
  await importOrders(tenant.id, orderHistory(120));
  await signIn(page, await mintUser('scientist', tenant.id));
  await page.goto('/extracts/new');
  await expect(page.getByText('You don’t have a bucket for extracts yet')).toBeVisible();
  await page.goto('/workbench');
  await page.getByRole('button', { name: 'Request workbench' }).click();
  await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
  await page.getByRole('link', { name: 'Extracts', exact: true }).click();
  return tenant.id;
}

const submit = (page: Page) => page.getByRole('button', { name: 'Submit extract' }).click();

test('a scientist extracts masked customers and training data', async ({ page }) => {
  await atExtracts(page);

  await test.step('there is nothing at first, and a way to the first', async () => {
    await expect(page.getByText('No extracts yet')).toBeVisible();
    await expectFits(page);
    await page.getByRole('link', { name: 'Take a training extract' }).click();
    await expect(page.getByRole('radio', { name: /churn_training/ })).toBeChecked();
    await expect(page.getByRole('radio', { name: /^CSV for SageMaker XGBoost/ })).toBeChecked();
  });

  await test.step('the form as it is makes an extract, masked as the policy says', async () => {
    await page.goto('/extracts/new');
    await expect(page.getByRole('table', { name: 'Preview' }).getByRole('row')).toHaveCount(11);
    await expect(page.getByRole('cell', { name: '[redacted]' }).first()).toBeVisible();
    await expectFits(page);
    await submit(page);
    const download = page.getByRole('link', { name: 'Download data.csv' });
    await expect(download).toBeVisible();
    await expectFits(page);
    const saved = page.waitForEvent('download');
    await download.click();
    const file = await (await saved).path();
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(121);
    expect(lines[0]).toBe('customer_id,name,email,created_at');
    expect(lines[1]).toContain(',[redacted],');
  });

  await test.step('training data follows what is chosen, and refuses a date without 90 days after it', async () => {
    // A choice made before the page's script runs has no effect, so this is repeated.
    await expect(async () => {
      await page.goto('/extracts/new');
      await page.getByRole('radio', { name: /churn_training/ }).check();
      await page.getByLabel('As of (UTC)').fill('2099-01-01');
      await expect(page.getByText(/don’t leave 90 days of history/)).toBeVisible({ timeout: 5000 });
    }).toPass();
    await submit(page);
    await expect(page.getByText('The extract was not submitted')).toBeVisible();
    await expectAccessible(page);
    await expect(async () => {
      await page.goto('/extracts/new?dataset=churn_training');
      await page.getByRole('radio', { name: /XGBoost/ }).check();
      const first = page.getByRole('table', { name: 'Preview' }).getByRole('columnheader').first();
      await expect(first).toHaveText('churned', { timeout: 5000 });
    }).toPass();
    const locked = (name: string) => page.getByRole('checkbox', { name, disabled: true });
    await expect(locked('churned')).toBeChecked();
    await expect(locked('churned')).toHaveAccessibleDescription(/expects the label first/);
    await expect(locked('customer_id')).not.toBeChecked();
    await expect(locked('customer_id')).toHaveAccessibleDescription(/reads only numbers/);
    await expect(page.getByRole('columnheader', { name: 'customer_id' })).toHaveCount(0);
    await submit(page);
    await expect(page.getByRole('link', { name: 'Download data.csv' })).toBeVisible();
    const extract = page.url();
    await page.goto('/workbench');
    await expect(page.getByRole('navigation', { name: 'Next step' })).toContainText(
      'train a model on your training extract',
    );
    await page.goto(extract);
    await expect(page.getByRole('navigation', { name: 'Next step' })).toContainText(
      'train a model on it in Studio',
    );
  });
});

test('an extract that failed is written again, one that runs is cancelled, and all are listed', async ({
  page,
}) => {
  const tenantId = await atExtracts(page);

  await test.step('a run that failed says why, and is written again', async () => {
    await fault('glue.fail', tenantId, 'The replica went away.');
    await page.goto('/extracts/new?dataset=orders');
    await submit(page);
    await expect(page.getByText('The replica went away.')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Retry extract' }).click();
    await expect(page.getByRole('link', { name: 'Download data.csv' })).toBeVisible();
  });

  await test.step('one that runs is cancelled', async () => {
    await fault('glue.slow', tenantId, '60000');
    await page.goto('/extracts/new?dataset=orders');
    await submit(page);
    await page.getByRole('button', { name: 'Cancel extract' }).click();
    await expect(page.getByText('The extract was cancelled')).toBeVisible();
  });

  await test.step('the list shows them all and is exported', async () => {
    await page.getByRole('link', { name: 'Extracts', exact: true }).first().click();
    await expect(page.getByRole('table', { name: 'Extracts' }).getByRole('row')).toHaveCount(3);
    await expectFits(page);
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export CSV' }).click();
    const text = await readFile(await (await saved).path(), 'utf8');
    expect(text.trimEnd().split('\r\n')).toHaveLength(3);
  });
});

test('without JavaScript an extract is put together, submitted and downloaded, and nobody else sees it', async ({
  browser,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await atExtracts(page);
  await page.goto('/extracts/new');
  await page.getByRole('radio', { name: /orders/ }).check();
  await page.getByRole('button', { name: 'Update preview' }).click();
  await page.getByRole('checkbox', { name: /customer_id/ }).uncheck();
  await page.getByLabel('From (UTC)').fill('2025-02-01');
  await submit(page);
  await expect(page).toHaveURL(/\/extracts\/[0-9A-Z]{26}$/);
  const address = page.url();
  await expect(async () => {
    await page.goto(address);
    await expect(page.getByRole('link', { name: 'Download data.csv' })).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(page.getByRole('table', { name: 'Columns' }).getByRole('row')).toHaveCount(4);

  const others: BrowserContext[] = [];
  for (const [role, status] of [
    ['scientist', 404],
    ['member', 403],
  ] as const) {
    const other = await browser.newContext();
    others.push(other);
    const theirs = await other.newPage();
    await signIn(theirs, await mintUser(role, (await mintTenant()).id));
    for (const path of ['', '/download']) {
      const answer = await other.request.get(`${address}${path}`, { maxRedirects: path ? 1 : 0 });
      expect([status, 404]).toContain(answer.status());
    }
  }
  await Promise.all([context, ...others].map((each) => each.close()));
});
