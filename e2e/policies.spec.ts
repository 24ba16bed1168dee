import { readFile } from 'node:fs/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { tenantBucket } from '../local/aws-names';
import { awsEnvironment } from '../local/tenant-keys';
import { clientOf } from './isolation/furnish';
import { demoPassword, expectFits, orderHistory, signIn } from './journey';
import { importOrders, mintTenant, mintUser, runningStack, tenantAccount } from './tenants';

const overview = (page: Page) => page.getByRole('heading', { level: 1, name: 'Overview' });

/** A page of an administrator, with or without scripts. */
async function asAdmin(browser: Browser, javaScriptEnabled = true): Promise<Page> {
  const page = await (await browser.newContext({ javaScriptEnabled })).newPage();
  await signIn(page, 'admin@xyz.example', demoPassword);
  await expect(overview(page)).toBeVisible();
  return page;
}

/** A tenant with orders and a workbench, at whose pages its scientist is. */
async function atTenant(page: Page): Promise<{ readonly id: string; readonly name: string }> {
  const tenant = await mintTenant();
  await importOrders(tenant.id, orderHistory(30));
  await signIn(page, await mintUser('scientist', tenant.id));
  await expect(overview(page)).toBeVisible();
  await page.goto('/workbench');
  await page.getByRole('button', { name: 'Request workbench' }).click();
  await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
  return tenant;
}

/** Submits an extract of customers and returns its lines and its manifest. */
async function extracted(page: Page, tenantId: string) {
  await page.goto('/extracts/new?dataset=customers');
  await page.getByRole('button', { name: 'Submit extract' }).click();
  const download = page.getByRole('link', { name: 'Download data.csv' });
  await expect(download).toBeVisible();
  const saved = page.waitForEvent('download');
  await download.click();
  const text = await readFile(await (await saved).path(), 'utf8');
  const keys = await awsEnvironment(await runningStack(), tenantId);
  if (!keys) throw new Error(`There is no tenant ${tenantId}.`);
  const { Body } = await new S3Client(clientOf(keys)).send(
    new GetObjectCommand({
      Bucket: tenantBucket(tenantId, await tenantAccount(tenantId)),
      Key: `extracts/${new URL(page.url()).pathname.split('/').at(-1)}/manifest.json`,
    }),
  );
  const manifest = JSON.parse((await Body?.transformToString()) ?? '') as Record<string, unknown>;
  return { lines: text.trimEnd().split('\n'), manifest };
}

/** Opens the policy of a tenant, as an administrator does it who knows its id. */
async function openPolicy(page: Page, dataset: string, tenantId: string): Promise<void> {
  await page.goto('/admin/policies');
  await page.getByRole('link', { name: dataset, exact: true }).click();
  await page.getByLabel('Tenant ID').fill(tenantId);
  await page.getByRole('button', { name: 'Open the tenant’s policy' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Policy: ${dataset} for` })).toBeVisible();
}

const review = (page: Page) => page.getByRole('button', { name: 'Review the change' }).click();

/** Saves the reviewed change and returns the number of its version. */
async function save(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Save this version' }).click();
  const words = page
    .getByRole('main')
    .getByRole('status')
    .filter({ hasText: /^Version \d+ is in force/ });
  await expect(words).toBeVisible();
  return Number(/Version (\d+)/.exec((await words.textContent()) ?? '')?.[1]);
}

test('an administrator masks a column for one tenant, whose next extract has it and names the version', async ({
  page,
  browser,
}) => {
  const tenant = await atTenant(page);
  const admin = await asAdmin(browser);
  const before = await extracted(page, tenant.id);
  expect(before.lines[1]).toMatch(/^C0000,\[redacted\],/);

  let version = 0;
  await test.step('an override is made, reviewed and saved', async () => {
    await admin.getByRole('link', { name: 'Policies', exact: true }).click();
    await expect(admin.getByRole('heading', { level: 1, name: 'Policies' })).toBeVisible();
    await expect(admin.getByRole('table', { name: 'Policies' }).getByRole('row')).toHaveCount(6);
    await openPolicy(admin, 'Customers', tenant.id);
    await expect(admin.getByText('Standard: no override')).toBeVisible();
    await admin.getByLabel('How customer_id leaves').selectOption({ label: 'Salted hash' });
    await admin.getByLabel('How created_at leaves').selectOption({ label: 'Generalised' });
    await admin.getByLabel('Note').fill('Asked for by the tenant');
    await review(admin);
    const section = admin.getByRole('region', { name: 'Review the change' });
    await expect(section.getByRole('listitem')).toHaveText([
      /customer_id: Unmasked\s*→\s*Salted hash/,
      /created_at: Unmasked\s*→\s*Generalised/,
    ]);
    await expect(admin.getByText(/share each combination of what created_at says/)).toBeVisible();
    const rows = admin.getByRole('table', { name: 'Generated rows' });
    await expect(rows.getByRole('row')).toHaveCount(11);
    await expect(rows.getByRole('row').nth(1)).toContainText(/C10000[0-9a-f]{64}/);
    await expectFits(admin);
    version = await save(admin);
    expect(version).toBeGreaterThan(1);
    const written = admin.getByRole('table', { name: 'Versions' }).getByRole('row').nth(1);
    await expect(written).toContainText('by admin@xyz.example');
    await expect(written).toContainText('Asked for by the tenant');
    await expectFits(admin);
  });

  await test.step('the tenant’s next extract follows it', async () => {
    const { lines, manifest } = await extracted(page, tenant.id);
    expect(lines[1]).toMatch(/^[0-9a-f]{64},\[redacted\],.*,\d{4}-\d\d-01 00:00:00\+00$/);
    expect(manifest).toMatchObject({ policyVersion: version, tenant: tenant.id, rows: 30 });
    await expect(page.getByText(`Version ${version}`, { exact: true })).toBeVisible();
    await page.goto('/extracts/new?dataset=customers');
    await expect(page.getByText(`Version ${version} of the extract policy`)).toBeVisible();
  });

  await test.step('another tenant’s stays as it is', async () => {
    const other = await (await browser.newContext()).newPage();
    await signIn(other, 'scientist@bar.example', demoPassword);
    await expect(overview(other)).toBeVisible();
    await other.goto('/extracts/new?dataset=customers');
    await expect(other.getByText('Version 1 of the extract policy')).toBeVisible();
    await expect(other.getByRole('table', { name: 'Preview' }).getByRole('row').nth(1)).toContainText('B0');
    await other.goto(`/admin/policies/customers?tenant=${tenant.id}`);
    await expect(
      other.getByRole('heading', { level: 1, name: 'You don’t have access to this page' }),
    ).toBeVisible();
    await other.context().close();
  });
  await admin.context().close();
});

test('a row limit refuses what exceeds it, of two changes the second is refused, and an override ends without JavaScript', async ({
  page,
  browser,
}) => {
  const tenant = await atTenant(page);
  const admin = await asAdmin(browser, false);

  await test.step('a limit is set, and a day that is over is refused', async () => {
    await openPolicy(admin, 'Orders', tenant.id);
    const address = admin.url();
    await admin.goto(`${address}&step=review&base=0&mask.amount=none&mask.quantity=partial&from=2020-01-01`);
    const faults = admin.getByRole('alert');
    await expect(faults).toContainText('quantity');
    await admin.goto(`${address}&step=review&base=0&mask.amount=none&from=2020-01-01`);
    await expect(faults).toContainText('In force from (UTC) must not be in the past');
    await admin.goto(address);
    await admin.getByLabel('Row limit').fill('10');
    await review(admin);
    const stale = await admin.context().newPage();
    await stale.goto(admin.url());
    await save(admin);
    await stale.getByRole('button', { name: 'Save this version' }).click();
    await expect(stale.getByText('Somebody changed this policy meanwhile')).toBeVisible();
    await stale.close();
  });

  await test.step('the tenant is told, and nothing is submitted', async () => {
    await page.goto('/extracts/new?dataset=orders');
    await expect(page.getByText(/allows at most 10 rows/)).toBeVisible();
    await expectFits(page);
    await page.getByRole('button', { name: 'Submit extract' }).click();
    await expect(page.getByText('The extract was not submitted')).toBeVisible();
  });

  await test.step('the override ends, and the tenant follows the standard', async () => {
    await admin.getByRole('button', { name: 'Follow the standard again' }).click();
    await expect(admin.getByText('Standard: no override')).toBeVisible();
    await expect(admin.getByText('The override ends: the standard holds')).toBeVisible();
    await page.goto('/extracts/new?dataset=orders');
    await page.getByRole('button', { name: 'Submit extract' }).click();
    await expect(page.getByRole('link', { name: 'Download data.csv' })).toBeVisible();
  });
  await admin.context().close();
});
