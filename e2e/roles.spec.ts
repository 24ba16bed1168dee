import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type APIResponse, expect, test } from '@playwright/test';
import { demoPassword, expectAccessible, orderHistory, signIn } from './journey';
import { controlPlane, disablePerson, disableUser, importOrders, mintTenant, mintUser } from './tenants';

const homes = [
  {
    role: 'scientist',
    links: [
      'Overview',
      'Workbench',
      'Extracts',
      'Model',
      'Customers',
      'Monitoring',
      'Marketplace',
      'Subscriptions',
    ],
  },
  { role: 'member', links: ['Overview', 'Customers'] },
  {
    role: 'owner',
    links: [
      'Overview',
      'Workbench',
      'Extracts',
      'Model',
      'Customers',
      'Monitoring',
      'Marketplace',
      'Subscriptions',
      'People',
      'Cost',
      'Audit',
    ],
  },
  { role: 'admin', links: ['Overview', 'Tenants', 'Plans', 'Costs', 'Policies', 'Queues', 'Audit'] },
  { role: 'seller', links: ['Overview', 'Listings', 'Subscriptions'] },
] as const;

for (const { role, links } of homes) {
  test(`the overview is the start page of the role ${role}, which sees nothing else`, async ({ page }) => {
    const inTenant = role !== 'admin' && role !== 'seller';
    await signIn(page, await mintUser(role, inTenant ? (await mintTenant()).id : undefined));
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link')).toHaveText([...links]);
    await expectAccessible(page);
    await page.goto(role === 'admin' ? '/customers' : '/admin/tenants');
    await expect(
      page.getByRole('heading', { level: 1, name: 'You don’t have access to this page' }),
    ).toBeVisible();
    await expectAccessible(page);
  });
}

test('a marketer is refused the workbench', async ({ page }) => {
  const tenant = await mintTenant();
  await signIn(page, await mintUser('member', tenant.id));
  await page.goto('/workbench');
  await expect(
    page.getByRole('heading', { level: 1, name: 'You don’t have access to this page' }),
  ).toBeVisible();
  await expect(page).toHaveTitle(/^No access/);
  const status = await page.request.get('/workbench/status');
  expect(status.status()).toBe(403);
});

test('an admin sees real tenants and no customers', async ({ page }) => {
  const tenant = await mintTenant();
  await signIn(page, 'admin@xyz.example', demoPassword);
  await page.getByRole('link', { name: 'Tenants', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Tenants' })).toBeVisible();
  await expect(page.getByText('Bar Records')).toBeVisible();
  await expectAccessible(page);
  const exported = await page.request.get('/admin/tenants/export');
  expect(await exported.text()).toContain(tenant.id);
  await page.goto('/customers');
  await expect(
    page.getByRole('heading', { level: 1, name: 'You don’t have access to this page' }),
  ).toBeVisible();
});

test('a seller finds the listings', async ({ page }) => {
  await signIn(page, 'seller@models.example', demoPassword);
  await page.getByRole('navigation').getByRole('link', { name: 'Listings' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Listings' })).toBeVisible();
  await expectAccessible(page);
});

test('bar sees nothing of another tenant', async ({ page }) => {
  const tenant = await mintTenant();
  await importOrders(tenant.id, orderHistory(3, 'SECRET'));
  await signIn(page, 'scientist@bar.example', demoPassword);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  const theirs = await page.goto('/customers/SECRET0001');
  expect(theirs?.status()).toBe(404);
  const missing = await page.goto('/customers/NOBODY0001');
  expect(missing?.status()).toBe(404);
  const exported = await (await page.request.get('/customers/export')).text();
  expect(exported).toContain('B00001');
  expect(exported).not.toContain('SECRET');
});

test('a suspended tenant and a disabled user are refused on the next request', async ({ page, browser }) => {
  const tenant = await mintTenant();
  await signIn(page, await mintUser('member', tenant.id));
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await controlPlane((client) =>
    client.query("update tenant set state = 'suspended' where id = $1", [tenant.id]),
  );
  await page.goto('/customers');
  await expect(page.getByText('suspended').first()).toBeVisible();
  expect((await page.request.get('/customers/export')).status()).toBe(403);

  const other = await mintTenant();
  const email = await mintUser('member', other.id);
  const second = await (await browser.newContext()).newPage();
  await signIn(second, email);
  await expect(second.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await disablePerson(email);
  await second.goto('/customers');
  await expect(second.getByText('disabled').first()).toBeVisible();
  await second.context().close();
});

test('a user without a tenant, and one without a role, learn what to ask for', async ({ browser }) => {
  for (const [email, words] of [
    [await mintUser('scientist'), 'isn’t assigned to an organisation'],
    [await mintUser(null, (await mintTenant()).id), 'no role'],
  ] as const) {
    const page = await (await browser.newContext()).newPage();
    await signIn(page, email);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
    await page.context().close();
  }
});

test('a wrong password, a disabled sign-in and a sign-out', async ({ page }) => {
  const tenant = await mintTenant();
  const email = await mintUser('member', tenant.id);
  await signIn(page, email, 'not the password');
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Password').fill('a-journey-of-2026');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/signed-out/);
  await expectAccessible(page);
  await page.goto('/customers');
  await expect(page.getByLabel('Password')).toBeVisible();
  await disableUser(email);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill('a-journey-of-2026');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
});

test('every route refuses people who are not signed in, and of another role', async ({ browser }) => {
  const paths = routePaths();
  expect(paths.length).toBeGreaterThan(4);
  const stranger = await browser.newContext();
  const seller = await browser.newContext();
  const home = await seller.newPage();
  await signIn(home, 'seller@models.example', demoPassword);
  await expect(home.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  for (const path of paths) {
    for (const method of ['get', 'post'] as const) {
      const origin = new URL(test.info().project.use.baseURL ?? '').origin;
      for (const [who, visitor] of Object.entries({ stranger, seller })) {
        // Every role has an overview; `overview.spec.ts` sees to it that it is the own one.
        if (path === '/overview/status' && visitor === seller) continue;
        const response = await visitor.request[method](path, { maxRedirects: 0, headers: { origin } });
        expect(isRefusal(response), `${method} ${path} as a ${who}: ${response.status()}`).toBe(true);
      }
    }
  }
  await Promise.all([stranger.close(), seller.close()]);
});

/** A refusal, or a redirect to the page that explains it: a route that people open responds with a page. */
function isRefusal(response: APIResponse): boolean {
  const says = /launch-failed|^\/workbench$|[?&]refused=|^\/extracts\/SECRET0001(\?download=|$)/;
  return (
    [401, 403, 404, 405].includes(response.status()) ||
    (response.status() === 303 && says.test(response.headers().location ?? ''))
  );
}

/** Paths of all route handlers of tenant and admin pages, with made-up ids as parameters. */
function routePaths(): string[] {
  return ['(tenant)', '(admin)'].flatMap((group) =>
    readdirSync(join('app', group), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('route.ts'))
      .map((file) => `/${file.replace(/\/?route\.ts$/, '').replace(/\[[^\]]+\]/g, 'SECRET0001')}`),
  );
}
