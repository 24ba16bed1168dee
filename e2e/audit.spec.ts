import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { demoPassword, expectFits, orderHistory, signIn } from './journey';
import { journeyStack } from './stack';
import { importOrders, mintTenant, mintUser } from './tenants';

const rows = (page: Page) => page.getByRole('table', { name: 'Audit' }).locator('tbody tr');
const noAccess = { level: 1, name: 'You don’t have access to this page' } as const;

/** A page of somebody who has just signed in. */
async function pageOf(
  browser: Browser,
  email: string,
  secret?: string,
  javaScriptEnabled = true,
): Promise<Page> {
  const page = await (await browser.newContext({ javaScriptEnabled })).newPage();
  await signIn(page, email, secret);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  return page;
}

test('an owner sees what a colleague asked for, and nothing of another tenant', async ({ page, browser }) => {
  const other = await mintTenant();
  const stranger = await pageOf(browser, await mintUser('owner', other.id));
  await signIn(page, 'owner@bar.example', demoPassword);
  await page.getByRole('link', { name: 'Audit', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Audit' })).toBeVisible();
  await page.getByLabel('Action').selectOption({ label: 'Submitted an extract' });
  await expect(page).toHaveURL(/action=extracts.submit/);
  const asked = rows(page).filter({ hasText: 'scientist@bar.example' }).first();
  await expect(asked).toContainText('Data scientist');
  await expect(asked).toContainText('Requested');
  await asked.getByText('Details').click();
  await expect(asked.getByText('churn_training')).toBeVisible();
  await expectFits(page);
  const exported = await (await page.request.get('/audit/export')).text();
  expect(exported).toContain('"extracts.submit","Submitted an extract"');
  expect(exported).not.toContain(other.id);
  // Which is in the tenant’s own.
  expect(await (await stranger.request.get('/audit/export')).text()).toContain(other.id);
  await stranger.context().close();
});

test('a scientist is refused, which the owner sees; an administrator limits the list to the tenant and learns no customer', async ({
  browser,
}) => {
  const tenant = await mintTenant();
  await importOrders(tenant.id, orderHistory(3, 'SECRET'));
  const email = await mintUser('scientist', tenant.id);
  const scientist = await pageOf(browser, email);
  await scientist.goto('/audit');
  await expect(scientist.getByRole('heading', noAccess)).toBeVisible();
  expect((await scientist.request.get('/audit/export')).status()).toBe(403);
  expect((await scientist.request.get('/admin/audit/export')).status()).toBe(403);
  expect((await scientist.request.get('/customers/SECRET0001/export')).ok()).toBe(true);

  const owner = await pageOf(browser, await mintUser('owner', tenant.id), undefined, false);
  await owner.goto('/audit');
  await owner.getByLabel('Who').fill(email);
  await owner.getByLabel('Result').selectOption('refused');
  await owner.getByRole('button', { name: 'Apply' }).click();
  await expect(rows(owner).first()).toContainText('Refused access');
  await expect(owner.getByText('audit.view')).toHaveCount(1);
  await owner.getByRole('link', { name: 'Clear' }).click();
  await expect(rows(owner).filter({ hasText: 'customer/SECRET0001/orders' })).toHaveCount(1);
  await owner.goto('/audit?from=2026-02-02&to=2026-02-01');
  await expect(owner.getByRole('alert').filter({ hasText: 'Last day: must not be before' })).toBeVisible();
  await owner.goto('/audit?from=2020-01-01&to=2020-01-31');
  await expect(owner.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  expect((await owner.request.get('/admin/audit')).status()).toBe(403);

  const admin = await pageOf(browser, 'admin@xyz.example', demoPassword);
  await admin.goto('/admin/audit');
  await admin.getByLabel('Tenant').fill(tenant.id);
  await admin.getByRole('button', { name: 'Apply' }).click();
  await expect(admin).toHaveURL(new RegExp(`tenant=${tenant.id}`));
  await expect(rows(admin).filter({ hasText: 'Imported orders' })).toHaveCount(1);
  await expect(rows(admin).filter({ hasNotText: tenant.id })).toHaveCount(0);
  await expectFits(admin);
  const download = admin.waitForEvent('download');
  await admin.getByRole('link', { name: 'Export CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(new RegExp(`^audit-${tenant.id}-.*\\.csv$`));
  const exported = await (await admin.request.get(`/admin/audit/export?tenant=${tenant.id}`)).text();
  expect(exported).toContain(email);
  expect(exported).toContain('"customer"');
  expect(exported).not.toContain('SECRET');
  expect((await admin.request.get('/admin/audit/export?subject=customer/SECRET0001')).status()).toBe(400);
  await admin.goto('/admin/audit?action=csv.exported');
  const own = rows(admin).filter({ hasText: 'admin@xyz.example' }).filter({ hasText: 'audit' }).first();
  await own.getByText('Details').click();
  await expect(own.getByText(tenant.id)).toBeVisible();
  await Promise.all([scientist, owner, admin].map((page) => page.context().close()));
});

test('the chains of the audit are whole after all of it', async () => {
  const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'audit:verify'], {
    env: { ...process.env, ...journeyStack.environment },
  });
  expect(stdout).toMatch(/Tenant bar: \d+ rows, last hash [0-9a-f]{64}\n/);
  expect(stdout).toMatch(/ rows in \d+ chains are as they were written\.\n$/);
});
