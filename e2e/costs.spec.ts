import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { asTenant } from '../local/database';
import { demoPassword, expectFits, signIn } from './journey';
import { clearFaults, controlPlane, databaseUrl, fault, mailsTo, mintTenant, mintUser } from './tenants';

test.afterEach(clearFaults);

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const main = (page: Page) => page.getByRole('main');

/** Sets what was measured of today, and lets the worker act on it. */
async function spent(tenantId: string, usd: number): Promise<void> {
  await asTenant(await databaseUrl(), tenantId, (client) =>
    client.query(
      `insert into spend_day (tenant_id, day, usd, unseen_seconds) values ($1, (now() at time zone 'utc')::date, $2, 0)
       on conflict (tenant_id, day) do update set usd = excluded.usd`,
      [tenantId, usd],
    ),
  );
  await controlPlane((client) =>
    client.query(
      "insert into spend (tenant_id) values ($1) on conflict (tenant_id) do update set next_at = '-infinity'",
      [tenantId],
    ),
  );
}

const writePlan = (id: string, version: number, budget: number) =>
  controlPlane((client) =>
    client.query(
      `insert into plan_version (plan_id, version, monthly_budget_usd, budget_brake, created_by)
       values ($1, $2, $3, 'stop', 'a journey')`,
      [id, version, budget],
    ),
  );

/** Loads the page again until `what` is there, after `first` each time. */
const soon = (page: Page, path: string, what: string | RegExp, first?: () => Promise<void>) =>
  expect(async () => {
    await first?.();
    await page.goto(path);
    await expect(main(page).getByText(what).first()).toBeVisible({ timeout: 4000 });
  }).toPass({ timeout: 120_000, intervals: [2000] });

/** Lets the worker read the bill again. A reading that is under way may set another time. */
const readBill = () => controlPlane((client) => client.query("update bill set next_at = '-infinity'"));

test('an owner sees what the account costs, is warned, and a raised budget takes the brake off', async ({
  page,
}) => {
  const tenant = await mintTenant();
  const owner = await mintUser('owner', tenant.id);
  await signIn(page, owner);
  await page.getByRole('link', { name: 'Cost', exact: true }).click();
  await expect(heading(page, 'Cost')).toBeVisible();

  await test.step('before there is an account, nothing costs anything', async () => {
    await expect(main(page).getByText('No account yet')).toBeVisible();
    await expect(main(page).getByText('Not measured yet')).toBeVisible();
    await expect(main(page).getByText(/^Your plan, Standard, has no budget/)).toBeVisible();
    await expectFits(page);
  });

  await test.step('what runs costs by the hour', async () => {
    await page.goto('/workbench');
    await page.getByRole('button', { name: 'Request workbench' }).click();
    await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible({ timeout: 120_000 });
    const opened = page.context().waitForEvent('page');
    await page.getByRole('button', { name: 'Launch Studio' }).click();
    const studio = await opened;
    await expect(studio.getByRole('heading', { name: 'JupyterLab' })).toBeVisible();
    await studio.close();
    await soon(page, '/cost', '$0.05 an hour');
  });

  const plan = `p${tenant.id}`;
  await controlPlane((client) =>
    client.query('insert into plan (id, name) values ($1, $2)', [plan, `Plan of ${tenant.id}`]),
  );
  await writePlan(plan, 1, 10);
  await controlPlane((client) =>
    client.query('update tenant set plan_id = $2 where id = $1', [tenant.id, plan]),
  );

  await test.step('at 80 percent the owner is told', async () => {
    await spent(tenant.id, 8.5);
    await soon(page, '/cost', 'More than 80% of the budget is spent');
    await expect(main(page).getByText(/^\$8\.5\d of \$10\.00 \(85\.\d%\)$/)).toBeVisible();
    await expectFits(page);
    await page.goto('/overview');
    await expect(
      main(page).getByRole('link', { name: /More than 80% of the budget of this month is spent/ }),
    ).toBeVisible();
    await expect
      .poll(async () => (await mailsTo(owner)).map(({ subject }) => subject), { timeout: 60_000 })
      .toEqual([expect.stringMatching(/^80 % of the budget for \w+ \d{4} is spent$/)]);
  });

  await test.step('at 100 percent apps are stopped, and Studio is refused', async () => {
    await spent(tenant.id, 11);
    await soon(page, '/cost', 'Apps are stopped; their files are kept.');
    await expectFits(page);
    await soon(page, '/workbench/running', 'Nothing is running');
    await page.goto('/workbench');
    const refused = page.context().waitForEvent('page');
    await page.getByRole('button', { name: 'Launch Studio' }).click();
    await expect((await refused).getByText(/has spent its budget of 10 USD/)).toBeVisible();
    await (await refused).close();
    await expect.poll(async () => (await mailsTo(owner)).length, { timeout: 60_000 }).toBe(2);
  });

  await test.step('a raised budget takes the brake off at once', async () => {
    await writePlan(plan, 2, 100);
    await page.goto('/cost');
    await expect(main(page).getByText(/^\$11\.\d\d of \$100\.00/)).toBeVisible();
    await expect(main(page).getByText('The budget is spent')).toHaveCount(0);
    await page.goto('/audit');
    await expect(main(page).getByRole('table').getByText('Acted on the budget').first()).toBeVisible();
  });

  await test.step('the bill follows', async () => {
    // As if AWS were not behind.
    await fault('cost-explorer.late', '*', '0', 1000);
    await soon(page, '/cost', 'Amazon SageMaker', readBill);
    await expect(main(page).getByText('Estimated: AWS may still change it')).toBeVisible();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export CSV' }).click(),
    ]);
    const [head, line] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(head).toBe('"day","measured_usd","unseen_seconds"');
    expect(line).toMatch(/^"\d{4}-\d\d-\d\d",11\.?\d*,\d+$/);
  });
});

test('an administrator sees what every tenant costs, and since when the bill can’t be read', async ({
  page,
}) => {
  const tenant = await mintTenant();
  await signIn(page, 'admin@xyz.example', demoPassword);
  await page.getByRole('link', { name: 'Costs', exact: true }).click();
  await expect(heading(page, 'Costs')).toBeVisible();
  const table = page.getByRole('table', { name: 'Costs by tenant' });
  await expect(table.getByRole('row', { name: /^All \d+ tenants/ })).toBeVisible();
  await expectFits(page);

  await test.step('one of them is found', async () => {
    await page.getByLabel('Search').fill(tenant.id);
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(table.getByRole('row', { name: new RegExp(tenant.id) })).toBeVisible();
    await expect(table.getByRole('row', { name: /^All 1 tenant/ })).toBeVisible();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export CSV' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`"${tenant.id}"`);
    await page.getByRole('link', { name: 'Clear' }).click();
    await table.getByRole('link', { name: /Measured/ }).click();
    await expect(page).toHaveURL(/order=spent-desc/);
  });

  await test.step('a bill that can’t be read says since when, and recovers by itself', async () => {
    await fault('request', 'ce.GetCostAndUsage', 'AccessDeniedException: no', 1000);
    await soon(page, '/admin/costs', 'The bill can’t be read', readBill);
    await expectFits(page);
    await clearFaults();
    await expect(async () => {
      await readBill();
      await page.goto('/admin/costs');
      await expect(main(page).getByText('The bill can’t be read')).toHaveCount(0);
    }).toPass({ timeout: 120_000, intervals: [4000] });
  });
});
