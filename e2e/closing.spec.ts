import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { demoPassword, expectFits, firstSignIn, orderHistory, signIn } from './journey';
import {
  clearFaults,
  fault,
  importOrders,
  mailsTo,
  mintTenant,
  mintUser,
  newTenantId,
  temporaryPassword,
  tenantAccount,
} from './tenants';

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const said = (page: Page, text: string) => page.getByRole('main').getByText(text, { exact: true });
const stands = (page: Page, words: string) =>
  expect(page.getByRole('heading', { name: `Closing: ${words}` })).toBeVisible();

async function close(page: Page, id: string): Promise<void> {
  await page.goto(`/admin/tenants/${id}`);
  await page.getByLabel('Why it is closed').fill('They moved on.');
  await page.getByLabel('Id of the tenant').fill(id);
  await page.getByRole('button', { name: 'Close tenant' }).click();
  await expect(said(page, 'Closing has begun')).toBeVisible();
}

async function deleteNow(page: Page, id: string): Promise<void> {
  await page.getByText('Delete now instead').click();
  await page.getByLabel('Id of the tenant').fill(id);
  await page.getByRole('button', { name: 'Delete now' }).click();
  await expect(said(page, 'Deletion has begun')).toBeVisible();
}

test('an administrator closes a tenant with a workbench; its owner exports, and a certificate is left', async ({
  page,
  browser,
}) => {
  const id = newTenantId();
  const email = `owner@${id}.example`;
  const owner = await (await browser.newContext()).newPage();
  await signIn(page, 'admin@xyz.example', demoPassword);

  await test.step('a tenant with a workbench, an owner and orders', async () => {
    await page.goto('/admin/tenants/new');
    await page.getByLabel('Name').fill(`Shop ${id}`);
    await page.getByLabel('Id', { exact: true }).fill(id);
    await page.getByLabel('Work e-mail of the first owner').fill(email);
    await page.getByLabel('Workbench').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Onboard tenant' }).click();
    await expect(page.getByRole('heading', { name: 'Onboarding: The tenant is set up' })).toBeVisible();
    await firstSignIn(owner, email, await temporaryPassword(email));
    await expect(heading(owner, 'Overview')).toBeVisible();
    await importOrders(id, orderHistory(40));
  });

  await test.step('its people are refused at once, and owners are told', async () => {
    await close(page, id);
    await stands(page, 'Everything is kept');
    await expectFits(page);
    const [mail] = await mailsTo(email);
    expect(mail?.subject).toBe('Your organisation is being closed in Annex');
    expect(mail?.text).toContain('/export');
    await owner.goto('/customers');
    await expect(heading(owner, 'You don’t have access to this page')).toBeVisible();
  });

  await test.step('the owner exports all of it, and nothing else is open', async () => {
    await expect(owner.getByText('Your organisation is being closed.')).toBeVisible();
    await owner.getByRole('link', { name: 'Export your data' }).click();
    await expect(heading(owner, 'Export your data')).toBeVisible();
    await expectFits(owner);
    const download = owner.waitForEvent('download');
    await owner.getByRole('link', { name: 'Download orders' }).click();
    const lines = (await readFile(await (await download).path(), 'utf8')).split('\r\n');
    expect(lines[0]).toBe('"customer_id","ordered_at","quantity","amount"');
    expect(lines.length).toBeGreaterThan(40);
    for (const file of ['customers', 'tickets', 'people', 'audit'])
      expect((await owner.request.get(`/export/${file}`)).status(), file).toBe(200);
    expect((await owner.request.get('/customers/export')).status()).toBe(403);
  });

  await test.step('the tenant can be kept, and stays suspended', async () => {
    await page.getByRole('button', { name: 'Keep tenant' }).click();
    await expect(said(page, 'The tenant is kept, and suspended')).toBeVisible();
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect(said(page, 'Tenant resumed')).toBeVisible();
  });

  await test.step('a deletion that stops says why, and goes on', async () => {
    await fault('baseline.delete', id, 'The stack is locked');
    await close(page, id);
    await deleteNow(page, id);
    await stands(page, 'A step failed: Baseline');
    await expect(page.getByText('The stack is locked').first()).toBeVisible();
    await expectFits(page);
    await page.getByRole('button', { name: 'Retry' }).click();
    await stands(page, 'The tenant is closed');
  });

  await test.step('the certificate says what was deleted, and its hash is right', async () => {
    await expectFits(page);
    const sha256 = await page
      .locator('dd')
      .filter({ hasText: /^[0-9a-f]{64}/ })
      .textContent();
    const certificate = await page.request.get(`/admin/tenants/${id}/certificate`);
    const text = await certificate.text();
    expect(sha256).toContain(createHash('sha256').update(text).digest('hex'));
    expect(JSON.parse(text)).toMatchObject({
      tenant: { id, awsAccount: await tenantAccount(id) },
      deleted: { people: 1, customers: 40 },
      notDeletedByItself: [],
    });
    await page.goto(`/admin/audit?tenant=${id}`);
    await expect(page.getByRole('row').filter({ hasText: 'Closed a tenant' }).first()).toBeVisible();
  });

  await test.step('nobody gets in, and the id stays taken', async () => {
    await owner.goto('/export');
    await expect(heading(owner, 'Export your data')).toBeHidden();
    await page.goto('/admin/tenants/new');
    await page.getByLabel('Name').fill('Another');
    await page.getByLabel('Id', { exact: true }).fill(id);
    await page.getByLabel('Work e-mail of the first owner').fill('a@another.example');
    await page.getByRole('button', { name: 'Onboard tenant' }).click();
    await expect(page.getByRole('main').getByRole('alert')).toContainText(`The id ${id} is taken`);
  });
  await owner.context().close();
  await clearFaults();
});

test('a tenant without a workbench is closed without JavaScript, once its id is typed', async ({
  browser,
}) => {
  const { id } = await mintTenant();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, 'admin@xyz.example', demoPassword);
  await page.goto(`/admin/tenants/${id}`);
  await page.getByLabel('Why it is closed').fill('A mistake');
  await page.getByLabel('Id of the tenant').fill('another');
  await page.getByRole('button', { name: 'Close tenant' }).click();
  await expect(page.getByText('Type the id of the tenant as it stands here.')).toBeVisible();
  await close(page, id);
  await expect(async () => {
    await page.reload();
    await stands(page, 'Everything is kept');
    await page.getByText('Delete now instead').click({ timeout: 1000 });
  }).toPass();
  await page.getByLabel('Id of the tenant').fill(id);
  await page.getByRole('button', { name: 'Delete now' }).click();
  await expect(async () => {
    await page.goto(`/admin/tenants/${id}`);
    await expect(page.getByRole('heading', { name: 'Closing: The tenant is closed' })).toBeVisible({
      timeout: 1000,
    });
  }).toPass();
  await context.close();
});

test('an owner exports at any time; others do not', async ({ page, browser }) => {
  const tenant = await mintTenant();
  await signIn(page, await mintUser('owner', tenant.id));
  await page.goto('/export');
  await expect(page.getByText(`All that ${tenant.name} has in Annex, as CSV.`)).toBeVisible();
  const scientist = await (await browser.newContext()).newPage();
  await signIn(scientist, await mintUser('scientist', tenant.id));
  await expect(heading(scientist, 'Overview')).toBeVisible();
  expect((await scientist.request.get('/export/customers')).status()).toBe(403);
  await scientist.goto('/export');
  await expect(heading(scientist, 'You don’t have access to this page')).toBeVisible();
  await scientist.context().close();
});
