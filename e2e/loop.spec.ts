import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { concerns, inWords, isForAdmins, isMadeFor } from './calls';
import { demoOrders, demoPassword, expectAccessible, expectFits, signIn } from './journey';
import { journeyStack } from './stack';
import { train } from './studio';
import { clearFaults, fault, importOrders, importOrdersFrom, recordedCalls, tenantAccount } from './tenants';

const endpoint = 'churn-of-foo';

test('foo closes the loop: extract, train, deploy, register, score, watch', async ({ page, context }) => {
  await test.step('an empty start, real orders, a workbench', async () => {
    const orders = process.env.ANNEX_JOURNEY_ORDERS;
    if (orders) await importOrdersFrom('foo', orders);
    else await importOrders('foo', demoOrders(1500));
    await signIn(page, 'scientist@foo.example', demoPassword);
    await page.getByRole('link', { name: 'Request workbench' }).click();
    await page.getByRole('button', { name: 'Request workbench' }).click();
    await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
    await page.goto('/monitoring');
    await expect(page.getByRole('heading', { level: 1, name: 'Monitoring' })).toBeVisible();
    await expectAccessible(page);
    await page.goto('/model');
    await expect(page.getByRole('heading', { level: 1, name: 'Model' })).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('training data goes to the bucket', async () => {
    await page.goto('/extracts/new?dataset=churn_training&format=xgboost');
    await page.getByRole('button', { name: 'Submit extract' }).click();
    await expect(page.getByRole('link', { name: 'Download data.csv' })).toBeVisible();
  });

  await test.step('Studio trains on it and deploys', async () => {
    const studio = await train(page, context);
    await expect(studio.getByText('validation:auc').first()).toBeVisible();
    await expectAccessible(studio);
    await studio.getByLabel('Endpoint name').fill(endpoint);
    await studio.getByRole('button', { name: 'Deploy' }).click();
    await expect(studio.getByText('InService').first()).toBeVisible();
    await studio.close();
  });

  await test.step('the endpoint passes the contract test and becomes version 1', async () => {
    await page.goto(`/model?endpoint=${endpoint}`);
    await page.getByRole('radio', { name: new RegExp(endpoint) }).check();
    await page.getByRole('button', { name: 'Test endpoint' }).click();
    await page.getByRole('button', { name: `Activate ${endpoint}` }).click();
    await expect(page.getByText('Version 1', { exact: true }).first()).toBeVisible();
    await expectAccessible(page);
    await expect(page.getByRole('link', { name: 'Open monitoring' })).toBeVisible();
    await expect(page.getByText('Version 1 active and shown')).toBeVisible();
    await page.getByRole('link', { name: 'See scores of customers' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Customers' })).toBeVisible();
  });

  await test.step('customers carry its scores', async () => {
    await page.goto('/customers');
    await expect(page.getByRole('heading', { name: 'Version 1 active and shown' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Compare with the built-in model' }).click();
    await expect(page.getByText(/AUC/).first()).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('a model that stops is stood in for, and comes back', async () => {
    await fault('endpoint.start', endpoint, 'held down by the journey', 1000);
    killModel(await tenantAccount('foo'));
    await page.goto('/customers');
    await page.getByRole('button', { name: 'Score all now' }).click();
    await expect(page.getByRole('heading', { name: /shown: built-in model \(fallback\)/ })).toBeVisible();
    await expect(page.getByRole('table', { name: 'Customers' })).toBeVisible();
    await clearFaults();
    await backToModel(page);
  });

  await test.step('monitoring shows what it did', async () => {
    await page.goto('/monitoring?range=1h');
    await expect(page.getByRole('heading', { name: 'Invocations' }).first()).toBeVisible();
    // Annex tested and scored with it, and its own calls are no errors of an application.
    const caller = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) });
    await expect(caller('Tests').getByRole('cell').first()).not.toHaveText('0');
    await expect(caller('Scoring').getByRole('cell').first()).not.toHaveText('0');
    await expect(caller('Your applications').getByRole('cell').nth(1)).toHaveText('0');
    await expect(page.getByText('Version 1 activated')).toBeVisible();
    await expectAccessible(page);
    const csv = await page.request.get('/monitoring/export?range=1h');
    expect(csv.ok()).toBe(true);
    expect((await csv.text()).split('\n').length).toBeGreaterThan(10);
  });

  await test.step('every call for foo was made with foo’s credentials', async () => {
    const account = await tenantAccount('foo');
    const calls = (await recordedCalls()).filter((call) => !isForAdmins(call));
    const silo = calls.filter(({ action }) => /^(s3|sagemaker|cloudwatch):/.test(action));
    expect(silo.length).toBeGreaterThan(20);
    expect(silo.filter(({ roleArn }) => roleArn.endsWith(':role/annex-portal'))).toEqual([]);
    const foo = { id: 'foo', accountId: account };
    const ofFoo = calls.filter((call) => concerns(foo, call));
    for (const service of ['dynamodb', 'glue', 's3', 'sagemaker', 'cloudwatch'])
      expect(ofFoo.filter(({ action }) => action.startsWith(`${service}:`)).length, service).toBeGreaterThan(
        0,
      );
    expect(ofFoo.filter((call) => !isMadeFor(foo, call)).map(inWords)).toEqual([]);
    // The portal's own role reads no tenant's partition and no run of the extract job, only whether the job is there.
    const own = calls.filter(
      ({ action, roleArn }) =>
        roleArn.endsWith(':role/annex-portal') &&
        /^(dynamodb|glue):/.test(action) &&
        action !== 'glue:GetJob',
    );
    expect(own.filter(({ resource }) => !resource.endsWith('/index/open')).map(inWords)).toEqual([]);
  });

  await test.step('one click goes back to the default', async () => {
    await page.goto('/model?tab=in-use');
    await page.getByRole('button', { name: /Switch to built-in model/i }).click();
    await expect(page.getByText('Built-in model (BG/NBD')).toBeVisible();
    await page.goto('/customers');
    await expect(page.getByRole('heading', { name: 'Built-in model active', exact: true })).toBeVisible();
  });
});

test('bar starts with all of it having happened, and a marketer sees scores without models', async ({
  page,
  browser,
}) => {
  await signIn(page, 'scientist@bar.example', demoPassword);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Version 1 active and shown' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Finished lately' }).getByRole('listitem')).not.toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'From your orders to your own model' })).toHaveCount(0);
  await expectFits(page);
  await page.goto('/customers');
  await expect(page.getByRole('heading', { name: 'Version 1 active and shown' })).toBeVisible();
  await page.goto('/monitoring');
  await expect(page.getByRole('heading', { level: 1, name: 'Monitoring' })).toBeVisible();
  await expect(page.getByText(/· version 1, active$/)).toBeVisible();
  await readChart(page);
  for (const [path, link, file, words] of [
    ['/model?tab=versions', 'Export CSV', /^versions-bar-.*\.csv$/, /^1,.*,"yes"$/m],
    ['/model', 'Download report', /^contract-report-.*\.json$/, /"passed": true/],
    ['/model?tab=interface', 'Download JSON Schema', /\.json$/, /"recency/],
  ] as const) {
    await page.goto(path);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: link }).click();
    expect((await download).suggestedFilename()).toMatch(file);
    expect(readFileSync(await (await download).path(), 'utf8').replaceAll('\r', '')).toMatch(words);
  }
  await page.goto('/extracts');
  await expect(page.getByText('Done', { exact: true }).first()).toBeVisible();
  const marketer = await (await browser.newContext()).newPage();
  await signIn(marketer, 'marketer@foo.example', demoPassword);
  await expect(marketer.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  for (const path of ['/model', '/monitoring', '/extracts']) {
    expect((await marketer.goto(path))?.status(), path).toBe(403);
  }
  await marketer.context().close();
});

/** Reads the demo application's traffic off a chart: by its table, by keyboard, and zoomed in. */
async function readChart(page: Page): Promise<void> {
  const served = await (await page.request.get('/monitoring')).text();
  expect(served).toMatch(/<svg[^>]*class="drawing[\s\S]*?<path d="M[\d.]+ [\d.]+h/);
  await expect(page.getByRole('row', { name: /^Your applications 24\d 4 0 – 98\.\d%$/ })).toBeVisible();
  const chart = page.getByRole('slider', { name: 'Invocations over time' });
  const value = () => chart.getAttribute('aria-valuetext');
  await chart.focus();
  await expect(chart.getByText('Your applications')).toBeVisible();
  await chart.press('Home');
  await expect(chart).toHaveAttribute('aria-valuenow', '0');
  expect(await value()).toContain('Your applications no data');
  await chart.press('ArrowRight');
  await expect(chart).toHaveAttribute('aria-valuenow', '1');
  await chart.press('Escape');
  await expect(chart.getByText('Your applications')).toHaveCount(0);
  await chart.press('End');
  await chart.press('+');
  await expect(page).toHaveURL(/from=.*&to=/);
  await expect(page.getByRole('row', { name: /^Your applications 24\d 4 0 – 98\.\d%$/ })).toBeVisible();
  await page.getByRole('link', { name: 'Back to the last 24 hours' }).click();
  await expect(page).toHaveURL(/\/monitoring$/);
  await expect(page.getByRole('link', { name: 'Zoom out' })).toHaveCount(0);
  const box = await chart.boundingBox();
  if (!box) throw new Error('There is no chart.');
  await page.mouse.move(box.x + box.width * 0.5, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + 60);
  await page.mouse.up();
  await expect(page.getByRole('link', { name: 'Zoom out' })).toBeVisible();
  await expect(page.getByText('No calls in this time.').first()).toBeVisible();
  await expectAccessible(page);
}

async function backToModel(page: Page): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Version 1 active and shown' })).toBeVisible({
      timeout: 2000,
    });
  }).toPass({ timeout: 120_000 });
}

/** Ends the process that hosts the endpoint. Its pid is in the stand-in's folder. */
function killModel(accountId: string): void {
  const folder = join(journeyStack.stateDir, 'aws/sagemaker/endpoints', accountId, endpoint);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('process.json'),
  );
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const { pid } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
  }
}
