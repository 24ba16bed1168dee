import { expect, type Page, test } from '@playwright/test';
import { expectAccessible, expectFits, ready, signIn } from './journey';
import { mintUser } from './tenants';

const packageArn = 'arn:aws:sagemaker:us-east-1:999999999999:model-package/churn/1';

const told = (page: Page, words: string) =>
  expect(page.getByRole('main').getByRole('status').filter({ hasText: words })).toBeVisible();

/** Fills the form of a new listing. */
async function fill(page: Page, code: string, sample: string): Promise<void> {
  await page.getByLabel('Product code').fill(code);
  await page.getByLabel('Product page').fill(`prodview-${code}`);
  await page.getByLabel('Title').fill(`Model ${code}`);
  await page.getByLabel('Summary').fill('Predicts who leaves.');
  await page.getByLabel('Content types of requests').fill('application/json text/csv');
  await page.getByLabel('Content type of the sample').fill('application/json');
  await page.getByLabel('Sample request').fill(sample);
  await page.getByLabel('Dimension 1, name').fill('requests');
  await page.getByLabel('Dimension 1, price').fill('0.0025');
  await page.getByLabel('Dimension 1, description').fill('An answered request');
}

test('a seller drafts, publishes and retires a listing, which no other seller sees', async ({
  page,
  browser,
}) => {
  const code = `code-${Date.now().toString(36)}`;
  await signIn(page, await mintUser('seller'));
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await page.getByRole('link', { name: 'New listing' }).click();
  await test.step('what is wrong is said by its field, and the form keeps what was entered', async () => {
    await fill(page, code, '{');
    await ready(page);
    await page.getByRole('button', { name: 'Save draft' }).click();
    await expect(page.getByRole('main').getByRole('alert')).toContainText(
      'Sample request: This is not JSON.',
    );
    await expect(page.getByLabel('Title')).toHaveValue(`Model ${code}`);
  });
  await page.getByLabel('Sample request').fill('{"instances": [[1, 2]]}');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await told(page, 'The draft is saved');
  await page.getByLabel('Model package').fill(packageArn);
  await page.getByRole('button', { name: 'Add version' }).click();
  await told(page, 'The version is added');
  await page.getByRole('button', { name: 'Publish' }).click();
  await told(page, 'The listing is published');
  await expectAccessible(page);
  await expectFits(page);
  const address = new URL(page.url()).pathname;

  await test.step('another seller has another list', async () => {
    const other = await (await browser.newContext()).newPage();
    await signIn(other, await mintUser('seller'));
    await expect(other.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    await other.goto('/seller/listings');
    await expect(other.getByRole('heading', { name: 'You have no listings' })).toBeVisible();
    expect((await other.goto(address))?.status()).toBe(404);
    await other.context().close();
  });

  await test.step('without scripts it is changed and retired', async () => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      storageState: await page.context().storageState(),
    });
    const plain = await context.newPage();
    await plain.goto(address);
    await plain.getByLabel('Dimension 1, price').fill('0.003');
    await plain.getByRole('button', { name: 'Save changes' }).click();
    await told(plain, 'The listing is changed');
    await expect(plain.getByText('$0.003 a request').first()).toBeVisible();
    await plain.getByRole('button', { name: 'Retire listing' }).click();
    await told(plain, 'The listing is retired');
    await plain.goto('/seller/listings');
    await expect(plain.getByRole('row', { name: new RegExp(`Model ${code}`) })).toContainText('Retired');
    await context.close();
  });
});
