import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { expectFits, signIn } from './journey';
import { controlPlane, mintTenant, mintUser } from './tenants';

const names = (page: Page) =>
  page.getByRole('main').getByRole('table').getByRole('rowheader').getByRole('link');

test('an administrator finds, filters, sorts and exports tenants, also without JavaScript', async ({
  page,
  browser,
}) => {
  const mark = `Zebra ${randomBytes(3).toString('hex')}`;
  const first = await mintTenant(`${mark} B`);
  const second = await mintTenant(`${mark} A`);
  const suspended = await mintTenant(`${mark} C`);
  await controlPlane((client) =>
    client.query("update tenant set state = 'suspended' where id = $1", [suspended.id]),
  );
  const admin = await mintUser('admin');
  await signIn(page, admin);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await page.goto('/admin/tenants');

  await test.step('by the beginning of a name, in any case, and of an id', async () => {
    await page.getByLabel('Search').fill(mark.toLowerCase());
    await page.getByLabel('Search').press('Enter');
    await expect(names(page)).toHaveText([second.name, first.name, suspended.name]);
    await expect(page.getByText('1–3 of 3 tenants')).toBeVisible();
    await expectFits(page);
    await page.getByLabel('Search').fill(first.id);
    await page.getByLabel('Search').press('Enter');
    await expect(names(page)).toHaveText([first.name]);
    await page.getByLabel('Search').fill(mark);
    await page.getByLabel('Search').press('Enter');
    await expect(names(page)).toHaveCount(3);
  });

  await test.step('by state, and in another order', async () => {
    await page.getByRole('link', { name: 'Since' }).click();
    await expect(names(page)).toHaveText([suspended.name, second.name, first.name]);
    await page.getByLabel('State').selectOption('Suspended');
    await expect(names(page)).toHaveText([suspended.name]);
  });

  await test.step('and takes what is shown along', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^tenants-suspended-[\d-]+\.csv$/);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(suspended.id);
  });

  await test.step('without JavaScript, and hears when nothing matches', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await signIn(plain, admin);
    await plain.goto('/admin/tenants');
    await plain.getByLabel('Search').fill(mark);
    await plain.getByLabel('Order').selectOption('Name, Z to A');
    await plain.getByRole('button', { name: 'Apply' }).click();
    await expect(names(plain)).toHaveText([suspended.name, first.name, second.name]);
    await plain.getByLabel('Search').fill('nobody is called that');
    await plain.getByRole('button', { name: 'Apply' }).click();
    await expect(plain.getByRole('heading', { name: 'No tenants match' })).toBeVisible();
    await plain.getByRole('link', { name: 'Show all tenants' }).click();
    await expect(plain.getByText(/^1–\d+ of \d+ tenants/)).toBeVisible();
    await context.close();
  });
});
