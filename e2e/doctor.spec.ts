import { expect, type Page, test } from '@playwright/test';
import { demoPassword, expectFits, ready, signIn } from './journey';
import { clearFaults, fault, mintTenant, mintUser } from './tenants';

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const summary = (page: Page, name: string) => page.getByRole('heading', { level: 2, name, exact: true });
const run = (page: Page) => page.getByRole('button', { name: 'Run doctor' }).click();
const link = (page: Page, name: string) => page.getByRole('heading', { level: 3, name, exact: true });

test('the doctor names the one link that was broken, says how to mend it, and sees it mended', async ({
  page,
  browser,
}) => {
  const tenant = await mintTenant();
  const scientist = await (await browser.newContext()).newPage();
  await signIn(scientist, await mintUser('scientist', tenant.id));
  await signIn(page, 'admin@xyz.example', demoPassword);

  await test.step('before there is a workbench, nothing fails', async () => {
    await scientist.goto('/workbench');
    await scientist.getByRole('link', { name: 'Doctor' }).click();
    await expect(heading(scientist, 'Doctor')).toBeVisible();
    await expect(summary(scientist, 'The doctor has not run yet')).toBeVisible();
    await expectFits(scientist);
    await run(scientist);
    await expect(summary(scientist, 'Nothing fails; 10 of 12 links are not there yet')).toBeVisible();
    await expect(link(scientist, 'Studio domain: Not reached')).toBeVisible();
  });

  await test.step('with a workbench, all that is there is ok', async () => {
    await scientist.goto('/workbench');
    await scientist.getByRole('button', { name: 'Request workbench' }).click();
    await expect(scientist.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
    await page.goto(`/admin/tenants/${tenant.id}`);
    await page.getByRole('link', { name: 'Open the doctor' }).click();
    await expect(heading(page, `Doctor: ${tenant.name}`)).toBeVisible();
    await ready(page);
    await run(page);
    await expect(summary(page, 'Nothing fails; 1 of 12 links is not there yet')).toBeVisible();
    await expect(page.getByText('No model of this organisation is in use')).toBeVisible();
  });

  await test.step('a trust that was broken is named alone, with the statement that mends it', async () => {
    await fault('role.trust', tenant.id, 'broken by the journey');
    await run(page);
    await expect(summary(page, 'Failed: Trust')).toBeFocused();
    await expect(page.getByRole('heading', { level: 3, name: /Failed/ })).toHaveCount(1);
    await expect(link(page, 'Metrics: Not reached')).toBeVisible();
    await expect(page.getByText(`"sts:ExternalId": "annex-${tenant.id}"`)).toBeVisible();
    await page.getByText('What was called for Trust, and what came back').click();
    await expect(page.getByText('AccessDenied').first()).toBeVisible();
    await expectFits(page);
    await page.reload();
    await expect(link(page, 'Trust: Failed')).toBeVisible();
    await page.goto(`/admin/tenants/${tenant.id}`);
    await expect(page.getByRole('main').getByText('Failed: Trust')).toBeVisible();
  });

  await test.step('the tenant’s people learn that it fails, and nothing of the operator’s', async () => {
    await scientist.goto('/workbench/doctor');
    await run(scientist);
    await expect(link(scientist, 'Trust: Failed')).toBeVisible();
    await expect(scientist.getByText('Your administrator has to mend this.')).toBeVisible();
    expect(await scientist.getByRole('main').textContent()).not.toContain('sts:');
    await expectFits(scientist);
  });

  await test.step('looked at again alone, it is ok once it is mended', async () => {
    await clearFaults();
    await page.goto(`/admin/tenants/${tenant.id}/doctor`);
    await ready(page);
    await page.getByRole('button', { name: /^Run again.*Trust$/ }).click();
    await expect(link(page, 'Trust: Ok')).toBeFocused();
    await run(page);
    await expect(summary(page, 'Nothing fails; 1 of 12 links is not there yet')).toBeVisible();
  });
  await scientist.context().close();
});

test('an owner runs the doctor without JavaScript', async ({ browser }) => {
  const tenant = await mintTenant();
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await signIn(page, await mintUser('owner', tenant.id));
  await page.goto('/workbench/doctor');
  await run(page);
  await expect(summary(page, 'Nothing fails; 10 of 12 links are not there yet')).toBeVisible();
  await page.getByRole('button', { name: /^Run again.*Portal role$/ }).click();
  await expect(link(page, 'Portal role: Ok')).toBeVisible();
  await page.context().close();
});

test('members, and people of no tenant, are refused', async ({ page }) => {
  const tenant = await mintTenant();
  await signIn(page, await mintUser('member', tenant.id));
  await expect(heading(page, 'Overview')).toBeVisible();
  for (const path of ['/workbench/doctor', `/admin/tenants/${tenant.id}/doctor`]) {
    await page.goto(path);
    await expect(heading(page, 'You don’t have access to this page')).toBeVisible();
  }
});
