import { expect, type Page, test } from '@playwright/test';
import { expectAccessible, expectFits, orderHistory, signIn } from './journey';
import { clearFaults, controlPlane, fault, importOrders, mintTenant, mintUser } from './tenants';

test.afterEach(clearFaults);

const list = (page: Page, name: string) => page.getByRole('main').getByRole('list', { name, exact: true });

/** A page of a new person, signed in. */
async function pageOf(page: Page, email: string): Promise<Page> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page has no browser');
  const own = await (await browser.newContext()).newPage();
  await signIn(own, email);
  await expect(own.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  return own;
}

async function requestWorkbench(page: Page): Promise<void> {
  await page.goto('/workbench');
  await page.getByRole('button', { name: 'Request workbench' }).click();
}

test('an administrator sees set-ups fail, run and finish, and nothing that tenants own', async ({ page }) => {
  const [broken, working] = await Promise.all([mintTenant(), mintTenant()]);
  await importOrders(broken.id, orderHistory(3, 'SECRET'));
  await signIn(page, await mintUser('admin'));
  await expect(page.getByText('With an AWS account')).toBeVisible();
  const scientist = await mintUser('scientist', broken.id);
  const [ofBroken, ofWorking] = await Promise.all([
    pageOf(page, scientist),
    pageOf(page, await mintUser('scientist', working.id)),
  ]);

  await test.step('a set-up that failed needs somebody, with its step and its reason', async () => {
    await fault('domain.fail', broken.id, 'No domain today.');
    await requestWorkbench(ofBroken);
    await expect(ofBroken.getByText('No domain today.').first()).toBeVisible();
    await page.reload();
    const failed = list(page, 'Needs you').getByRole('listitem').filter({ hasText: broken.name });
    await expect(failed).toContainText(`Workbench setup failed: ${broken.name}, Studio domain`);
    await expect(failed).toContainText('No domain today.');
    await expectAccessible(page);
    await expectFits(page);
  });

  await test.step('a set-up that runs is under way, and then finished, without a reload', async () => {
    await fault('domain.slow', working.id, '');
    await requestWorkbench(ofWorking);
    await expect(ofWorking.getByRole('heading', { name: 'Setting up your workbench' })).toBeVisible();
    await page.reload();
    await expect(list(page, 'Under way')).toContainText(`Workbench is being set up: ${working.name}`);
    await expect(list(page, 'Finished lately')).toContainText(`Workbench ready: ${working.name}`);
    await expect(list(page, 'Under way').filter({ hasText: working.name })).toHaveCount(0);
  });

  await test.step('a retry takes it off the list', async () => {
    await ofBroken.getByRole('button', { name: 'Retry from this step' }).click();
    await expect(ofBroken.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    await expect(list(page, 'Needs you').filter({ hasText: broken.name })).toHaveCount(0);
  });

  const said = (await page.content()) + (await (await page.request.get('/overview/status')).text());
  expect(said).toContain(broken.name);
  for (const secret of ['SECRET', scientist]) expect(said).not.toContain(secret);
  expect((await page.request.get('/overview/work')).status()).toBe(403);
  await Promise.all([ofBroken.context().close(), ofWorking.context().close()]);
});

test('a seller is told where they stand, and of no tenant', async ({ page }) => {
  const tenant = await mintTenant();
  // As a mistake in the user pool would have it.
  await signIn(page, await mintUser('seller', tenant.id));
  await expect(
    page.getByRole('heading', { name: 'You have no listings, and nothing needs you' }),
  ).toBeVisible();
  await expectAccessible(page);
  await expectFits(page);
  const reading = await page.request.get('/overview/status');
  expect(await reading.json()).toMatchObject({ underWay: false, mark: '', words: '' });
  expect(await page.content()).not.toContain(tenant.name);
});

test('somebody with two roles has both overviews, and keeps one when the tenant is suspended', async ({
  page,
}) => {
  const tenant = await mintTenant();
  await signIn(page, await mintUser('scientist', tenant.id, 'admin'));
  const own = page.getByRole('region', { name: tenant.name });
  const tenants = page.getByRole('region', { name: 'Administration' });
  await expect(own.getByRole('heading', { name: 'From your orders to your own model' })).toBeVisible();
  await expect(tenants.getByText('With an AWS account')).toBeVisible();
  await expectAccessible(page);
  await controlPlane((client) =>
    client.query("update tenant set state = 'suspended' where id = $1", [tenant.id]),
  );
  const again = await pageOf(page, await mintUser('scientist', tenant.id, 'admin'));
  await expect(again.getByText('Your organisation is suspended.')).toBeVisible();
  await expect(again.getByText('With an AWS account')).toBeVisible();
  await expect(again.getByRole('heading', { name: 'From your orders to your own model' })).toHaveCount(0);
  await again.context().close();
});
