import { readdirSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { demoPassword, expectFits, ready, signIn } from './journey';
import { mintTenant, mintUser } from './tenants';

/** Addresses of each page of the app, by its file and who may open it. */
const tenantPages: Readonly<Record<string, readonly string[]>> = {
  '(tenant)/overview': ['/overview'],
  '(tenant)/workbench': ['/workbench'],
  '(tenant)/workbench/doctor': ['/workbench/doctor'],
  '(tenant)/workbench/launch-failed': ['/workbench/launch-failed'],
  '(tenant)/workbench/running': ['/workbench/running'],
  '(tenant)/extracts': ['/extracts'],
  '(tenant)/extracts/new': ['/extracts/new?dataset=churn_training&format=xgboost'],
  '(tenant)/extracts/[id]': [],
  '(tenant)/model': ['/model?tab=in-use', '/model?tab=test', '/model?tab=versions', '/model?tab=interface'],
  '(tenant)/customers': ['/customers'],
  '(tenant)/customers/[id]': ['/customers/B00001'],
  '(tenant)/customers/compare': ['/customers/compare'],
  '(tenant)/customers/import': ['/customers/import'],
  '(tenant)/monitoring': ['/monitoring'],
  '(tenant)/marketplace': ['/marketplace'],
  '(tenant)/subscriptions': ['/subscriptions?from=aws'],
  '(tenant)/subscriptions/[id]': ['/subscriptions/none'],
  '(tenant)/audit': [],
  '(tenant)/cost': [],
  '(tenant)/people': [],
  '(tenant)/people/[id]': [],
  '(leaving)/export': [],
};
const otherPages: Readonly<Record<string, readonly string[]>> = {
  '(public)': ['/'],
  '(public)/sign-up': ['/sign-up'],
  '(public)/sign-up/confirm': ['/sign-up/confirm'],
  '(public)/signed-out': ['/signed-out'],
  '(public)/auth-error': ['/auth-error'],
  '(admin)/admin/audit': ['/admin/audit'],
  '(admin)/admin/costs': ['/admin/costs'],
  '(admin)/admin/plans': ['/admin/plans'],
  '(admin)/admin/plans/[id]': ['/admin/plans/standard'],
  '(admin)/admin/plans/new': ['/admin/plans/new'],
  '(admin)/admin/policies': ['/admin/policies'],
  '(admin)/admin/policies/[dataset]': [
    '/admin/policies/customers',
    '/admin/policies/churn_training?step=review&base=1&mask.churned=none&mask.frequency=generalize&row_limit=10',
    '/admin/policies/orders?step=review&base=1&mask.quantity=partial&from=2020-01-01',
  ],
  '(admin)/admin/queues': ['/admin/queues'],
  '(admin)/admin/tenants': ['/admin/tenants'],
  '(admin)/admin/tenants/[id]': ['/admin/tenants/bar'],
  '(admin)/admin/tenants/[id]/doctor': ['/admin/tenants/bar/doctor'],
  '(admin)/admin/tenants/import': ['/admin/tenants/import'],
  '(admin)/admin/tenants/new': ['/admin/tenants/new'],
  '(seller)/seller/listings': ['/seller/listings'],
  '(seller)/seller/listings/[id]': ['/seller/listings/none'],
  '(seller)/seller/listings/new': ['/seller/listings/new'],
  '(seller)/seller/subscriptions': ['/seller/subscriptions'],
};

test('every page is listed here', () => {
  const files = readdirSync('app', { recursive: true, encoding: 'utf8' });
  const pages = files.flatMap((file) =>
    file.endsWith('page.tsx') ? [file.replace(/\/page\.tsx$/, '')] : [],
  );
  expect(Object.keys({ ...tenantPages, ...otherPages }).sort()).toEqual(pages.sort());
});

test('every page with all that it holds is accessible and fits, open details and palette included', async ({
  page,
}) => {
  await signIn(page, 'scientist@bar.example', demoPassword);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await page.goto('/extracts');
  const done = await page.locator('main table a.row-link').first().getAttribute('href');
  await expectOpen(page, [...Object.values(tenantPages).flat(), done ?? '']);
  await ready(page);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Find or go to' })).toBeFocused();
  await expectFits(page);
});

test('every page of an empty tenant is accessible and fits, refusals included', async ({ page, browser }) => {
  const tenant = await mintTenant();
  await signIn(page, await mintUser('scientist', tenant.id));
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  const same = ['/workbench/launch-failed', '/model?tab=interface', '/customers/B00001'];
  await expectOpen(
    page,
    Object.values(tenantPages)
      .flat()
      .filter((path) => !same.includes(path)),
  );
  const member = await (await browser.newContext()).newPage();
  await signIn(member, await mintUser('member', tenant.id));
  await expect(member.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await expectOpen(member, ['/overview', '/customers', '/customers/B00001', '/workbench']);
  await member.context().close();
});

test('the pages of administrators, sellers and strangers are accessible and fit', async ({
  page,
  browser,
}) => {
  const paths = (group: string) =>
    Object.entries(otherPages).flatMap(([name, all]) => (name.startsWith(group) ? all : []));
  await expectOpen(page, paths('(public)'));
  for (const [email, group] of [
    ['admin@xyz.example', '(admin)'],
    ['seller@models.example', '(seller)'],
  ] as const) {
    const theirs = await (await browser.newContext()).newPage();
    await signIn(theirs, email, demoPassword);
    await expect(theirs.getByRole('heading', { level: 1 })).toBeVisible();
    await expectOpen(theirs, ['/overview', ...paths(group)]);
    await theirs.context().close();
  }
});

test('the pages of owners are accessible and fit', async ({ page }) => {
  await signIn(page, 'owner@bar.example', demoPassword);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await page.goto('/people');
  const person = await page.locator('main table a.row-link').first().getAttribute('href');
  await expectOpen(page, ['/people', person ?? '', '/people/nobody', '/audit', '/cost']);
});

/** Expects that the pages at `paths` are accessible and fit, with their details open. */
async function expectOpen(page: Page, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await test.step(path, async () => {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.locator('details').evaluateAll((all) => {
        for (const details of all) details.setAttribute('open', '');
      });
      await expectFits(page);
    });
  }
}
