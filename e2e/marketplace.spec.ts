import { expect, type Page, test } from '@playwright/test';
import { expectAccessible, expectFits, signIn } from './journey';
import { mintTenant, mintUser } from './tenants';

const fact = (page: Page, name: string) =>
  page.locator('dl > div').filter({ has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) });

test('a tenant subscribes on AWS Marketplace, gets the model in its own account, and cancels', async ({
  page,
  browser,
}) => {
  const tenant = await mintTenant();
  await signIn(page, await mintUser('scientist', tenant.id));
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();

  await test.step('without an account there is nobody to subscribe', async () => {
    await page.goto('/marketplace');
    await expect(page.getByText('Request a workbench first')).toBeVisible();
    await expect(page.getByRole('article', { name: 'Churn 30 days' })).toContainText('$0.002 a request');
    await expect(page.getByRole('link', { name: /^Subscribe/ })).toHaveCount(0);
    await expectAccessible(page);
    await expectFits(page);
    await page.goto('/workbench');
    await page.getByRole('button', { name: 'Request workbench' }).click();
    await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible({ timeout: 120_000 });
  });

  const market = await test.step('the buyer subscribes there, and comes back', async () => {
    await page.goto('/marketplace');
    const opened = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Subscribe to Churn 30 days' }).click();
    const aws = await opened;
    await expect(aws.getByRole('button', { name: 'Subscribe to Churn 30 days' })).toBeVisible();
    const own = aws.url();
    await aws.getByRole('button', { name: 'Subscribe to Churn 30 days' }).click();
    await aws.getByRole('button', { name: 'Set up your account' }).click();
    await expect(aws.getByRole('heading', { level: 1, name: 'Subscriptions' })).toBeVisible();
    await expect(aws.getByText('You are back from AWS Marketplace')).toBeVisible();
    await aws.goto(own);
    return aws;
  });

  await test.step('the model is deployed in the own account, step by step', async () => {
    await expect(async () => {
      await page.goto('/subscriptions');
      await page.getByRole('link', { name: 'Churn 30 days' }).click({ timeout: 1000 });
    }).toPass();
    await expect(page.getByRole('heading', { level: 1, name: 'Churn 30 days' })).toBeVisible();
    await expect(fact(page, 'Endpoint')).toContainText('Ready', { timeout: 120_000 });
    await expect(fact(page, 'Subscription')).toContainText('Active');
    await expectAccessible(page);
    await expectFits(page);
  });

  await test.step('nobody else’s tenant sees it, and its seller sees the account alone', async () => {
    const other = await (await browser.newContext()).newPage();
    await signIn(other, await mintUser('owner', (await mintTenant()).id));
    await expect(other.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    expect((await other.goto(page.url()))?.status()).toBe(404);
    await other.goto('/subscriptions');
    await expect(other.getByRole('heading', { name: 'No subscriptions yet' })).toBeVisible();
    await other.context().close();
  });

  await test.step('the end takes it down', async () => {
    await market.getByRole('button', { name: 'Cancel the subscription to Churn 30 days' }).click();
    await expect(async () => {
      await page.reload();
      await expect(fact(page, 'Subscription')).toContainText('Cancelled', { timeout: 1000 });
    }).toPass();
    await expect(fact(page, 'Endpoint')).toContainText('Taken down');
    await page.goto('/workbench/running');
    await expect(page.getByRole('heading', { name: 'Nothing is running' })).toBeVisible();
  });
});
