import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { expectAccessible, expectFits, signIn } from './journey';
import { makeSpaces } from './studio';
import { clearFaults, fault, mintTenant, mintUser } from './tenants';

test.afterEach(clearFaults);

const row = (page: Page, name: string | RegExp) =>
  page.getByRole('table', { name: 'Running apps and endpoints' }).getByRole('row', { name });

async function requestWorkbench(page: Page): Promise<void> {
  await page.goto('/workbench');
  await page.getByRole('button', { name: 'Request workbench' }).click();
  await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible({ timeout: 120_000 });
}

async function launchStudio(page: Page): Promise<void> {
  await page.goto('/workbench');
  const opened = page.context().waitForEvent('page');
  await page.getByRole('button', { name: 'Launch Studio' }).click();
  const studio = await opened;
  await expect(studio.getByRole('heading', { name: 'JupyterLab' })).toBeVisible();
  await studio.close();
}

test('an app of Studio is told with its price and stopped, and a suspension stops the next one', async ({
  page,
  browser,
}) => {
  const tenant = await mintTenant();
  const scientist = await mintUser('scientist', tenant.id);
  await signIn(page, scientist);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();

  await test.step('before there is an account, nothing runs', async () => {
    await page.goto('/workbench/running');
    await expect(page.getByRole('heading', { name: 'Nothing runs yet' })).toBeVisible();
    await requestWorkbench(page);
    await page.goto('/workbench/running');
    await expect(page.getByRole('heading', { name: 'Nothing is running' })).toBeVisible();
    await expectFits(page);
  });

  await test.step('an app that somebody opened costs by the hour', async () => {
    await launchStudio(page);
    await page.goto('/workbench');
    await page.getByRole('link', { name: '1 running, $0.05 an hour' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Running' })).toBeVisible();
    const app = row(page, /^JupyterLab/);
    await expect(app).toContainText('Running');
    await expect(app).toContainText('ml.t3.medium');
    await expect(app).toContainText('$0.05');
    await expect(app).toContainText('Idle shutdown, set in the workbench, waits');
    await expect(page.getByText(/^List prices of us-east-1/)).toBeVisible();
    await expectFits(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export CSV' }).click(),
    ]);
    const [head, line] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(head).toContain('"usd_per_hour"');
    expect(line).toContain('"JupyterLab"');
    expect(line).toContain('"ml.t3.medium",0.05,');
  });

  await test.step('what AWS does not tell is not counted as nothing', async () => {
    // Only this page and the workbench ask, and other journeys do not look at the sum.
    await fault('request', 'sagemaker.ListApps', 'AccessDeniedException: no', 8);
    await page.reload();
    await expect(page.getByRole('heading', { name: 'AWS does not tell what runs' })).toBeVisible();
    await expect(page.getByText(/^Apps of Studio: AWS denied access/)).toBeVisible();
    await clearFaults();
  });

  await test.step('Open leads to one’s own space, and to nobody else’s', async () => {
    await makeSpaces(tenant.id, 'notes', 'secret');
    await page.goto('/workbench/running');
    const opened = page.context().waitForEvent('page');
    await row(page, /notes/).getByRole('button', { name: 'Open notes' }).click();
    const studio = await opened;
    await expect(studio.getByRole('heading', { name: 'JupyterLab: notes' })).toBeVisible();
    await expectAccessible(studio);
    await studio.close();
    await expectFits(page);
    await page.goto('/workbench');
    await expectFits(page);
    const spaces = page.getByRole('region', { name: 'Your spaces' });
    await expect(spaces.getByRole('button')).toHaveCount(1);
    const refused = await page.evaluate(async () => {
      const body = new URLSearchParams({ space: 'secret' });
      return (await fetch('/workbench/launch', { method: 'POST', body })).url;
    });
    await page.goto(refused);
    await expect(page.getByText('The space secret is private to somebody else.')).toBeVisible();
    await expectAccessible(page);
    await page.goto('/workbench/running');
    await row(page, /notes/).getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(row(page, /notes/)).toHaveCount(0);
  });

  await test.step('Stop deletes it, and the page follows', async () => {
    await page.reload();
    await row(page, /^JupyterLab/)
      .getByRole('button', { name: 'Stop', exact: true })
      .click();
    await expect(page.getByText('AWS deletes it within a minute or so.')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Nothing is running' })).toBeVisible();
    await expect(row(page, /^JupyterLab/)).toHaveCount(0);
    await expect(
      page.getByText('AWS does not tell whether idle shutdown or somebody stopped it.'),
    ).toBeVisible();
  });

  await test.step('idle shutdown says what is in force, and is set without JavaScript too', async () => {
    await expect(page.getByText('Not set: SageMaker stops none')).toBeVisible();
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await signIn(plain, scientist);
    await plain.goto('/workbench/running');
    const editor = plain.getByRole('group', { name: 'Code Editor' });
    await editor.getByLabel('Stop apps that are idle').check();
    await editor.getByLabel('Minutes without use').fill('90');
    await plain.getByRole('button', { name: 'Save idle shutdown' }).click();
    await expect(plain.getByText('On, after 90 minutes without use')).toBeVisible();
    await context.close();
    await page.reload();
    const lab = page.getByRole('group', { name: 'JupyterLab' });
    await lab.getByLabel('Never stop them').check();
    await page.getByRole('button', { name: 'Save idle shutdown' }).click();
    await expect(page.getByRole('definition').filter({ hasText: /^Off$/ })).toBeVisible();
    await launchStudio(page);
    await page.goto('/workbench/running');
    await expect(row(page, /^JupyterLab/)).toContainText('Idle shutdown is off in the workbench.');
  });

  await test.step('a suspension stops what runs, and Resume lets people in again', async () => {
    const admin = await (await browser.newContext()).newPage();
    await signIn(admin, await mintUser('admin'));
    await expect(admin.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    await admin.goto(`/admin/tenants/${tenant.id}`);
    await admin.getByLabel('Reason').fill('Unpaid');
    await admin.getByRole('button', { name: 'Suspend' }).click();
    await expect(admin.getByRole('main').getByText('Tenant suspended', { exact: true })).toBeVisible();
    const fact = (name: string, value: string) =>
      admin
        .getByRole('region', { name: 'Suspension' })
        .locator('div', { hasText: new RegExp(`^${name}${value}`) });
    await expect(async () => {
      await admin.reload();
      await expect(fact('Apps stopped', '1')).toBeVisible({ timeout: 1000 });
      await expect(fact('Apps and queued work', 'Stopped')).toBeVisible({ timeout: 1000 });
    }).toPass();
    await expect(fact('Goes on', 'No endpoint')).toBeVisible();
    await expectFits(admin);
    await admin.getByRole('button', { name: 'Resume' }).click();
    await expect(admin.getByRole('main').getByText('Tenant resumed', { exact: true })).toBeVisible();
    await page.context().clearCookies();
    await signIn(page, scientist);
    await page.goto('/workbench/running');
    await expect(page.getByRole('heading', { name: 'Nothing is running' })).toBeVisible();
  });
});
