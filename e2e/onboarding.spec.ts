import { expect, type Page, test } from '@playwright/test';
import { demoPassword, expectAccessible, expectFits, firstSignIn, ready, signIn } from './journey';
import { clearFaults, fault, mailsTo, newTenantId, temporaryPassword } from './tenants';

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const said = (page: Page, text: string) => page.getByRole('main').getByText(text, { exact: true });

/** `workbench`: with the first that is offered. */
async function onboard(page: Page, id: string, workbench = false): Promise<void> {
  await page.goto('/admin/tenants');
  await page.getByRole('link', { name: 'Onboard tenant' }).click();
  await expect(heading(page, 'Onboard tenant')).toBeVisible();
  await page.getByLabel('Name').fill(`Shop ${id}`);
  await page.getByLabel('Id', { exact: true }).fill(id);
  await page.getByLabel('Work e-mail of the first owner').fill(`owner@${id}.example`);
  if (workbench) await page.getByLabel('Workbench').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Onboard tenant' }).click();
}

test('an administrator onboards a tenant with a workbench that fails once, suspends and resumes it', async ({
  page,
  browser,
}) => {
  const id = newTenantId();
  const email = `owner@${id}.example`;
  const owner = await (await browser.newContext()).newPage();
  await signIn(page, 'admin@xyz.example', demoPassword);

  await test.step('step by step, with a failure that says why', async () => {
    await fault('domain.fail', id, 'No domain today.');
    await onboard(page, id, true);
    await expect(heading(page, `Shop ${id}`)).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Onboarding: A step failed: Workbench' })).toBeVisible();
    await expect(page.getByText('No domain today.').first()).toBeVisible();
    await expectFits(page);
    await page.getByRole('button', { name: 'Retry' }).click();
    await expect(page.getByRole('heading', { name: 'Onboarding: The tenant is set up' })).toBeVisible();
    await expect(page.getByRole('definition').filter({ hasText: 'Ready' })).toBeVisible();
    await expect(page.getByRole('rowheader', { name: email })).toBeVisible();
  });

  await test.step('the invitation leads the owner in', async () => {
    expect(await mailsTo(email)).toHaveLength(1);
    await firstSignIn(owner, email, await temporaryPassword(email));
    await expect(heading(owner, 'Overview')).toBeVisible();
    await owner.getByRole('link', { name: 'Workbench', exact: true }).click();
    await expect(owner.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
  });

  await test.step('a suspension holds at the next request, and ends', async () => {
    await page.getByLabel('Reason').fill('Unpaid');
    await page.getByRole('button', { name: 'Suspend' }).click();
    await expect(said(page, 'Tenant suspended')).toBeVisible();
    await owner.goto('/workbench');
    await expect(owner.getByText('Your organisation is suspended.')).toBeVisible();
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect(said(page, 'Tenant resumed')).toBeVisible();
    await owner.goto('/workbench');
    await expect(heading(owner, 'Your session has ended')).toBeVisible();
    await owner.getByRole('button', { name: 'Sign in' }).click();
    await expect(heading(owner, 'Workbench')).toBeVisible();
  });
  await owner.context().close();
  await clearFaults();
});

test('what is taken is refused by field, and a failed onboarding can be undone', async ({ page }) => {
  await signIn(page, 'admin@xyz.example', demoPassword);
  await onboard(page, 'bar');
  await expect(page.getByRole('main').getByRole('alert')).toContainText('The id bar is taken');
  await expectAccessible(page);
  const id = newTenantId();
  await page.goto('/admin/tenants/new');
  await page.getByLabel('Name').fill(`Shop ${id}`);
  await page.getByLabel('Id', { exact: true }).fill(id);
  await page.getByLabel('Work e-mail of the first owner').fill('scientist@bar.example');
  await page.getByRole('button', { name: 'Onboard tenant' }).click();
  await expect(page.getByRole('heading', { name: 'Onboarding: A step failed: First owner' })).toBeVisible();
  await expect(page.getByText('the address is in use already').first()).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { name: 'Onboarding: Undone' })).toBeVisible();
  await expect(page.getByText('Closed', { exact: true })).toBeVisible();
  await page.goto('/admin/tenants/nobody-here');
  await expect(heading(page, 'Tenant not found')).toBeVisible();
});

test('without JavaScript a tenant is onboarded', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const id = newTenantId();
  await signIn(page, 'admin@xyz.example', demoPassword);
  await onboard(page, id);
  await expect(heading(page, `Shop ${id}`)).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Onboarding: The tenant is set up' })).toBeVisible({
      timeout: 500,
    });
  }).toPass();
  await context.close();
});

test('tenants of a file are checked, then onboarded; what is refused says why by line', async ({ page }) => {
  const id = newTenantId();
  const csv = [
    'tenant_id,name,owner_email,workbench',
    `${id},Shop ${id},owner@${id}.example,`,
    'bar,Shop of bar,owner@bar.example,',
  ].join('\n');
  await signIn(page, 'admin@xyz.example', demoPassword);
  await page.goto('/admin/tenants/import');
  await ready(page);
  await page
    .getByLabel('CSV file')
    .setInputFiles({ name: 'tenants.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await expect(page.getByLabel('Lines')).toHaveValue(csv);
  await page.getByRole('button', { name: 'Check file' }).click();
  await expect(page.getByRole('heading', { name: '1 can be onboarded, 1 refused.' })).toBeFocused();
  await expect(page.getByRole('row', { name: /Shop of bar/ })).toContainText(
    'tenant_id: the id bar is taken.',
  );
  await expectFits(page);
  await page.getByRole('button', { name: 'Onboard 1 tenant' }).click();
  await expect(page.getByRole('heading', { name: '1 being onboarded, 1 refused.' })).toBeVisible();
  await page.getByRole('link', { name: `Shop ${id}` }).click();
  await expect(page.getByRole('heading', { name: 'Onboarding: The tenant is set up' })).toBeVisible();
});
