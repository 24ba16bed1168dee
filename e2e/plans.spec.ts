import { type Browser, expect, type Page, test } from '@playwright/test';
import { demoPassword, expectAccessible, expectFits, orderHistory, ready, signIn } from './journey';
import { importOrders, mintTenant, mintUser } from './tenants';

const overview = (page: Page) => page.getByRole('heading', { level: 1, name: 'Overview' });
const told = (page: Page, words: string | RegExp) =>
  expect(page.getByRole('main').getByRole('status').filter({ hasText: words })).toBeVisible();
const refused = (page: Page, words: string | RegExp) =>
  expect(page.getByRole('main').getByRole('alert').filter({ hasText: words })).toBeVisible();
const row = (page: Page, name: string | RegExp) =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });

/** A page of an administrator, with or without scripts. */
async function asAdmin(browser: Browser, javaScriptEnabled = true): Promise<Page> {
  const page = await (await browser.newContext({ javaScriptEnabled })).newPage();
  await signIn(page, 'admin@xyz.example', demoPassword);
  await expect(overview(page)).toBeVisible();
  return page;
}

/** Submits an extract of orders at the pages of a tenant. */
async function submit(page: Page): Promise<void> {
  await page.goto('/extracts/new?dataset=orders');
  await page.getByRole('button', { name: 'Submit extract' }).click();
}

test('a plan is made, changed and given to a tenant, whose second extract of the day is refused', async ({
  page,
  browser,
}) => {
  test.slow();
  const tenant = await mintTenant();
  const [id, name] = [`plan-of-${tenant.id}`, `Plan of ${tenant.id}`];
  await importOrders(tenant.id, orderHistory(30));
  await signIn(page, await mintUser('owner', tenant.id));
  await expect(overview(page)).toBeVisible();
  await expect(row(page, /^Extracts today/)).toContainText('No limit');

  const admin = await asAdmin(browser, false);
  await test.step('an administrator adds a plan, without scripts', async () => {
    await admin.goto('/admin/plans');
    await admin.getByRole('link', { name: 'New plan' }).click();
    await admin.getByLabel('Name').fill(name);
    await admin.getByLabel('Id', { exact: true }).fill(id);
    await admin.getByLabel('Extracts a day').fill('1');
    await admin.getByLabel('Monthly budget').fill('250');
    await admin.getByRole('button', { name: 'Add plan' }).click();
    await expect(admin.getByRole('heading', { level: 1, name: `Plan: ${name}` })).toBeVisible();
    await told(admin, 'Version 1 is in force');
  });

  const other = await asAdmin(browser);
  await test.step('another changes it; whoever comes later is told', async () => {
    await other.goto(`/admin/plans/${id}`);
    await ready(other);
    await other.getByLabel('People').fill('3');
    await other.getByLabel('Stop').check();
    await other.getByLabel('Note').fill('Small teams');
    await other.getByRole('button', { name: 'Save as a new version' }).click();
    await told(other, 'Version 2 is in force');
    const newest = row(other, /^2/);
    await expect(newest).toContainText('People: No limit → 3');
    await expect(newest).toContainText('At the budget: Warn → Stop');
    await expect(newest).toContainText('Small teams');
    await expectAccessible(other);
    await expectFits(other);
    await admin.getByLabel('People').fill('9');
    await admin.getByRole('button', { name: 'Save as a new version' }).click();
    await refused(admin, 'Somebody changed this plan meanwhile: version 2 is there.');
  });

  await test.step('and gives it to the tenant', async () => {
    await other.goto(`/admin/tenants/${tenant.id}`);
    await ready(other);
    await expect(other.getByRole('table', { name: 'Quotas' })).toContainText('Within the plan');
    await other.getByLabel('Another plan').selectOption({ label: name });
    await other.getByRole('button', { name: 'Change plan' }).click();
    await told(other, 'Plan changed');
    await expect(row(other, /^Extracts today/)).toContainText('01Within the plan');
    await other.goto(`/admin/plans/${id}`);
    await expect(other.getByText('would need another one first')).toBeVisible();
    await other.getByRole('link', { name: '1 tenant' }).click();
    await expect(other.getByRole('rowheader')).toHaveText([new RegExp(tenant.id)]);
    const exported = await other.request.get(`/admin/tenants/export?plan=${id}`);
    expect((await exported.text()).trimEnd().split('\r\n')).toEqual([
      '"tenant_id","name","state","plan","health","health_as_of","account_id","created_at"',
      expect.stringContaining(`"active","${id}",`),
    ]);
  });

  await test.step('the tenant’s second extract of the day is refused', async () => {
    await page.goto('/workbench');
    await page.getByRole('button', { name: 'Request workbench' }).click();
    await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
    await submit(page);
    await expect(page).toHaveURL(/\/extracts\/[0-9A-Z]{26}/);
    await submit(page);
    await refused(page, 'Your plan allows no more extracts today');
    await page.goto('/overview');
    await expect(row(page, /^Extracts today/)).toContainText('Used up: further ones are refused');
    await expectAccessible(page);
    await expectFits(page);
  });

  await test.step('a plan that nobody has any more is retired', async () => {
    await other.goto(`/admin/tenants/${tenant.id}`);
    await ready(other);
    await other.getByLabel('Another plan').selectOption({ label: 'Standard' });
    await other.getByRole('button', { name: 'Change plan' }).click();
    await told(other, 'Plan changed');
    await other.goto(`/admin/plans/${id}`);
    await ready(other);
    await other.getByRole('button', { name: 'Retire plan' }).click();
    await told(other, 'The plan is retired');
    await submit(page);
    await expect(page).toHaveURL(/\/extracts\/[0-9A-Z]{26}/);
  });
  await admin.context().close();
  await other.context().close();
});
