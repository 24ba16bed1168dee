import { type Browser, expect, type Page, test } from '@playwright/test';
import { expectAccessible, expectFits, firstSignIn, signIn } from './journey';
import { mailsTo, mintTenant, mintUser, temporaryPassword } from './tenants';

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const said = (page: Page, text: string) => page.getByRole('main').getByText(text, { exact: true });
const aside = async (browser: Browser) => (await browser.newContext()).newPage();

test('an owner invites a colleague, who signs in, gets another role, is disabled and removed', async ({
  page,
  browser,
}) => {
  const tenant = await mintTenant();
  const owner = await mintUser('owner', tenant.id);
  const email = `ada@${tenant.id}.example`;
  const colleague = await aside(browser);
  await signIn(page, owner);
  await page.getByRole('link', { name: 'People' }).click();
  await expect(heading(page, 'People')).toBeVisible();

  await test.step('the last owner cannot leave', async () => {
    await page.getByRole('link', { name: owner }).click();
    await page.getByRole('button', { name: 'Disable' }).click();
    await expect(page.getByRole('main').getByRole('alert')).toContainText(
      'is the last owner of your organisation',
    );
    await expectFits(page);
    await page.goto('/people');
  });

  await test.step('an invitation comes by mail', async () => {
    await page.getByLabel('Work e-mail').fill(email);
    await page.getByRole('radio', { name: /^Member/ }).check();
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    await expect(heading(page, email)).toBeVisible();
    await expect(said(page, 'Invitation sent')).toBeVisible();
    await expectFits(page);
    await page.getByRole('button', { name: 'Resend invitation' }).click();
    await expect.poll(async () => (await mailsTo(email)).length).toBe(2);
  });

  await test.step('and leads in', async () => {
    await firstSignIn(colleague, email, await temporaryPassword(email));
    await expect(heading(colleague, 'Overview')).toBeVisible();
    const menu = colleague.getByRole('navigation', { name: 'Main' }).getByRole('link');
    await expect(menu).toHaveText(['Overview', 'Customers']);
  });

  await test.step('another role ends the session', async () => {
    await page.reload();
    await expect(page.getByRole('button', { name: 'Resend invitation' })).toHaveCount(0);
    await page.getByRole('radio', { name: /^Data scientist/ }).check();
    await page.getByRole('button', { name: 'Change role' }).click();
    await expect(said(page, 'Role changed')).toBeVisible();
    await colleague.goto('/customers');
    await expect(heading(colleague, 'Your session has ended')).toBeVisible();
    await colleague.getByRole('button', { name: 'Sign in' }).click();
    await expect(colleague.getByRole('link', { name: 'Workbench' })).toBeVisible();
  });

  await test.step('a disabled colleague is refused at once', async () => {
    await page.getByRole('button', { name: 'Disable' }).click();
    await expect(said(page, 'Access disabled')).toBeVisible();
    expect((await colleague.request.get('/workbench/status')).status()).toBeGreaterThanOrEqual(401);
    await page.getByRole('button', { name: 'Enable' }).click();
    await expect(said(page, 'Access enabled')).toBeVisible();
  });

  await test.step('a removed one is gone, and can be invited again', async () => {
    await page.getByText('Remove', { exact: true }).click();
    await page.getByRole('button', { name: `Remove ${email}` }).click();
    await expect(said(page, 'Person removed')).toBeVisible();
    await expect(page.getByRole('link', { name: email })).toHaveCount(0);
    await expectAccessible(page);
    await page.getByLabel('Work e-mail').fill(email);
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    await expect(heading(page, email)).toBeVisible();
  });
  await colleague.context().close();
});

test('without JavaScript an owner invites; addresses of other tenants are in use and nothing more', async ({
  browser,
}) => {
  const [tenant, other] = await Promise.all([mintTenant(), mintTenant()]);
  const foreign = await mintUser('member', other.id);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, await mintUser('owner', tenant.id));
  await page.goto('/people');
  await page.getByLabel('Work e-mail').fill(foreign);
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('the address is in use already');
  await expect(page.getByText(other.name)).toHaveCount(0);
  await page.getByLabel('Work e-mail').fill(`bob@${tenant.id}.example`);
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await expect(heading(page, `bob@${tenant.id}.example`)).toBeVisible();
  expect(await mailsTo(foreign)).toEqual([]);
  await context.close();
});
