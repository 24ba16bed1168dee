import { expect, type Page, test } from '@playwright/test';
import { demoPassword, expectAccessible, signIn } from './journey';
import { mintTenant, mintUser, password } from './tenants';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

const reference = 'a1b2c3d4-0000-4000-8000-000000000000';
const refusedSignIns = [
  { error: 'SessionExpired', title: 'Your session has expired', words: 'kept', quotes: false },
  { error: 'Cancelled', title: 'Sign-in was cancelled', words: 'not signed in', quotes: false },
  { error: 'OAuthCallback', title: 'Sign-in could not be completed', words: '15 minutes', quotes: true },
  {
    error: 'OAuthSignin',
    title: 'The sign-in service cannot be reached',
    words: 'Nothing was lost',
    quotes: true,
  },
  { error: 'Configuration', title: 'Sign-in failed', words: 'tell your administrator', quotes: true },
] as const;

for (const { error, title, words, quotes } of refusedSignIns) {
  test(`a sign-in that ended in ${error} says so and offers another`, async ({ page }) => {
    await page.goto(`/auth-error?error=${error}&reference=${reference}&callbackUrl=/customers`);
    await expect(heading(page, title)).toBeVisible();
    await expect(page).toHaveTitle(new RegExp(title));
    await expect(page.getByText(words)).toBeVisible();
    await expect(page.getByText(reference)).toHaveCount(quotes ? 1 : 0);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByLabel('Password')).toBeVisible();
  });
}

test('whose session has expired comes back to where they were', async ({ page, context, baseURL }) => {
  const email = await mintUser('member', (await mintTenant()).id);
  // The cookie that the portal sets when the user pool refuses to renew a session.
  await context.addCookies([{ name: 'annex.session-ended', value: 'expired', url: baseURL ?? '' }]);
  await page.goto('/customers?band=high');
  await expect(heading(page, 'Your session has expired')).toBeVisible();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(heading(page, 'Customers')).toBeVisible();
  await expect(page).toHaveURL(/\/customers\?band=high$/);
});

test('a launch that failed says why, and leads back to the workbench', async ({ page }) => {
  await signIn(page, await mintUser('scientist', (await mintTenant()).id));
  await expect(heading(page, 'Overview')).toBeVisible();
  for (const [why, words] of [
    ['conflict', 'No workbench yet'],
    ['forbidden', 'did not come from an Annex page'],
    ['throttled', 'AWS is throttling requests'],
    ['dependency_denied', 'AWS denied Annex access to your account'],
    ['dependency_failed', 'AWS could not be reached'],
  ] as const) {
    await page.goto(`/workbench/launch-failed?why=${why}`);
    await expect(heading(page, 'Studio was not launched')).toBeVisible();
    await expect(page.getByText(words)).toBeVisible();
    await expectAccessible(page);
  }
  await page.getByRole('link', { name: 'Go to Workbench' }).click();
  await expect(page.getByRole('button', { name: 'Request workbench' })).toBeVisible();
});

test('what is not there is said not to be, with a way on', async ({ page }) => {
  expect((await page.goto('/nowhere'))?.status()).toBe(404);
  await expect(heading(page, 'Page not found')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Go to your start page' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' }).first()).toBeVisible();

  await signIn(page, 'scientist@bar.example', demoPassword);
  await expect(heading(page, 'Overview')).toBeVisible();
  for (const [path, title, link, next] of [
    ['/nowhere', 'Page not found', 'Go to your start page', 'Overview'],
    ['/customers/NOBODY', 'Customer not found', 'Go to customers', 'Customers'],
    ['/extracts/NOTHING', 'Extract not found', 'Go to extracts', 'Extracts'],
  ] as const) {
    expect((await page.goto(path))?.status(), path).toBe(404);
    await expect(heading(page, title)).toBeVisible();
    await expect(page).toHaveTitle(`${title} · Annex`);
    await expectAccessible(page);
    await page.getByRole('link', { name: link }).click();
    await expect(heading(page, next)).toBeVisible();
  }
});

test('an address that monitoring cannot show says so, and leads to the active model', async ({ page }) => {
  await signIn(page, 'scientist@bar.example', demoPassword);
  await expect(heading(page, 'Overview')).toBeVisible();
  for (const query of ['endpoint=nobodys', 'endpoint=https://x', 'variant=../x']) {
    await page.goto(`/monitoring?${query}`);
    await expect(page.getByText('Endpoint or variant not found')).toBeVisible();
  }
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Show the active model' }).click();
  await expect(page.getByText(/· version 1, active$/)).toBeVisible();
});
