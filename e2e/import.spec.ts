import { writeFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { asTenant } from '../local/database';
import { expectFits, orderHistory, signIn } from './journey';
import { databaseUrl, mintTenant, mintUser } from './tenants';

const header = 'customer_id,ordered_at,quantity,amount';
/** The orders of `orderHistory` as a shop in Germany writes them, with a column more. */
const german = (orders: readonly string[]) =>
  [
    'Datum;Filiale;Kunde;Betrag;Menge',
    ...orders.map((line) => {
      const [customer, day = '', quantity, amount = ''] = line.split(',');
      return `${day.split('-').reverse().join('.')};Mitte;${customer};${amount.replace('.', ',')};${quantity}`;
    }),
  ].join('\n');

const drop = (page: Page, name: string, text: string) =>
  page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

/** The form that the page sends for a file with the standard columns. */
const formWith = (name: string, lines: string) => ({
  customer: 'customer_id',
  date: 'ordered_at',
  quantity: 'quantity',
  amount: 'amount',
  separator: 'comma',
  decimal: '.',
  format: 'iso',
  file: { name, mimeType: 'text/csv', buffer: Buffer.from(`${header}\n${lines}`) },
});

test('a data scientist imports an order history in the browser', async ({ page, context }) => {
  const tenant = await mintTenant();
  const email = await mintUser('scientist', tenant.id);
  const orders = orderHistory(120);
  await signIn(page, email);
  const overview = await context.newPage();

  await test.step('the overview leads to the import', async () => {
    await page.getByRole('link', { name: 'Import orders' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Import orders' })).toBeVisible();
    await expect(page.getByText('or drop it here')).toBeVisible();
    await expectFits(page);
    await overview.goto('/overview');
  });

  await test.step('a file of other columns is proposed how to be read, with its first orders', async () => {
    await drop(page, 'bestellungen.csv', german(orders));
    await expect(page.getByLabel('Customer', { exact: false }).first()).toHaveValue('Kunde');
    await expect(page.getByLabel('Order date')).toHaveValue('Datum');
    await expect(page.getByLabel('Amount')).toHaveValue('Betrag');
    await expect(page.getByLabel('Quantity')).toHaveValue('Menge');
    await expect(page.getByLabel('Decimal mark')).toHaveValue(',');
    await expect(page.getByLabel('Dates are written as')).toHaveValue('%d.%m.%Y');
    const preview = page.getByRole('table', { name: 'The first orders of the file' });
    await expect(preview.getByRole('row')).toHaveCount(6);
    await expect(preview).toContainText('C0000');
    await expectFits(page);
  });

  await test.step('a wrong mapping is named', async () => {
    await page.getByLabel('Amount').selectOption('Filiale');
    await expect(page.getByText('line 2: Filiale "Mitte" is not a decimal number')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Import orders' })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await expectFits(page);
    await page.getByLabel('Amount').selectOption('Betrag');
    await expect(page.getByRole('table', { name: 'The first orders of the file' })).toBeVisible();
  });

  await test.step('a bad line far below is named, and nothing is kept', async () => {
    // Beyond the first lines, which the preview reads.
    const many = orderHistory(1_500);
    await drop(page, 'falsch.csv', `${german(many)}\n31.02.2025;Mitte;C1;5,00;1\n`);
    await expect(page.getByRole('table', { name: 'The first orders of the file' })).toBeVisible();
    await page.getByRole('button', { name: 'Import orders' }).click();
    await expect(page.getByText('falsch.csv was not imported')).toBeVisible();
    await expect(
      page
        .getByText(`line ${many.length + 2}: Datum "31.02.2025" is not a date in the format %d.%m.%Y`)
        .first(),
    ).toBeVisible();
    await expect(page.getByText('Keep this page open')).toBeHidden();
    await expectFits(page);
  });

  await test.step('the corrected file is imported, and the page says what comes next', async () => {
    await drop(page, 'bestellungen.csv', german(orders));
    await page.getByRole('button', { name: 'Import orders' }).click();
    await expect(page.getByText(`${orders.length} orders imported`)).toBeVisible();
    await expect(page.getByRole('definition').filter({ hasText: '120' }).first()).toBeVisible();
    await expectFits(page);
  });

  await test.step('another open page notices it when somebody returns to it', async () => {
    await overview.bringToFront();
    await overview.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await expect(overview.getByRole('term').filter({ hasText: 'Customers at high risk' })).toBeVisible();
  });

  await test.step('scores follow by themselves', async () => {
    await page.bringToFront();
    await page.getByRole('link', { name: 'See customers' }).click();
    await expect(page.getByText(/bgnbd-/).first()).toBeVisible();
    await expect(page.getByRole('table', { name: 'Customers' }).getByRole('row')).toHaveCount(51);
  });

  await test.step('the same file again adds nothing, and says so before and after', async () => {
    await page.getByRole('link', { name: 'Import orders' }).click();
    await drop(page, 'again.csv', `${header}\n${orders.join('\n')}\n`);
    await expect(
      page.getByText(`The file is added to the ${orders.length} orders of 120 customers`),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Add these orders' }).click();
    await expect(page.getByText('All of these orders were there already')).toBeVisible();
  });

  await test.step('each import is audited with its counts and who it was', async () => {
    const { rows } = await asTenant(await databaseUrl(), tenant.id, (client) =>
      client.query(
        "select actor_name, detail from audit_event where action = 'orders.import' and result = 'done' order by id",
      ),
    );
    expect(rows).toEqual([
      {
        actor_name: email,
        detail: { orders: orders.length, newOrders: orders.length, newCustomers: 120, refunds: 0 },
      },
      { actor_name: email, detail: { orders: orders.length, newOrders: 0, newCustomers: 0, refunds: 0 } },
    ]);
  });
});

test('a date with two readings is not guessed', async ({ page }) => {
  const tenant = await mintTenant();
  await signIn(page, await mintUser('scientist', tenant.id));
  await page.goto('/customers/import');
  await drop(page, 'orders.csv', `${header}\na,01/02/2024,1,5\nb,03/04/2024,1,5\n`);
  await expect(page.getByText('“01/02/2024” can be read in several ways')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Import orders' })).toHaveAttribute('aria-disabled', 'true');
  await expectFits(page);
  await page.getByLabel('Dates are written as').selectOption('%d/%m/%Y');
  await expect(page.getByRole('table', { name: 'The first orders of the file' })).toContainText(
    '01 Feb 2024',
  );
});

test('a column that is chosen brings how its dates and amounts are written', async ({ page }) => {
  const tenant = await mintTenant();
  await signIn(page, await mintUser('scientist', tenant.id));
  await page.goto('/customers/import');
  await drop(page, 'shop.csv', 'Customer No;When;Items;Worth\na;31/01/2024;1;11,77\nb;01/02/2024;2;5,00\n');
  await expect(page.getByText('Still to choose above: Order date, Amount.')).toBeVisible();
  await page.getByLabel('Order date').selectOption('When');
  await page.getByLabel('Amount').selectOption('Worth');
  const preview = page.getByRole('table', { name: 'The first orders of the file' });
  await expect(preview.getByRole('row').nth(1)).toContainText('31 Jan 2024');
  await expect(preview.getByRole('row').nth(1)).toContainText('11.77');
  await expect(page.getByLabel('Dates are written as')).toHaveValue('%d/%m/%Y');
  await expect(page.getByLabel('Decimal mark')).toHaveValue(',');
});

test('an import shows its progress to everybody, is one at a time, and leaves nothing when it breaks off', async ({
  page,
  browser,
}) => {
  const tenant = await mintTenant();
  const email = await mintUser('scientist', tenant.id);
  await signIn(page, email);
  await page.goto('/customers/import');
  // So slowly that it ends only when the page is closed.
  const session = await page.context().newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 100_000,
  });
  const line = 'customer-of-a-long-name-0123456789,2024-01-31,1,12.50\n';
  const large = test.info().outputPath('large.csv');
  await writeFile(large, `${header}\n${line.repeat(700_000)}`);
  await page.locator('input[type=file]').setInputFiles(large);
  await page.getByRole('button', { name: 'Import orders' }).click();
  await expect(page.getByRole('progressbar', { name: 'File read' })).toBeVisible();
  await expect(page.getByText(/MB read, [\d,]+ lines/)).toBeVisible();

  const other = await browser.newContext();
  const second = await other.newPage();
  await signIn(second, await mintUser('scientist', tenant.id));
  await expect(
    second.getByText(`${email} is importing orders`).or(second.getByText('Under way')).first(),
  ).toBeVisible();
  await second.goto('/customers/import');
  await expect(second.getByText(`Started by ${email}`)).toBeVisible();
  await expectFits(second);
  const refused = await second.request.post('/customers/import/file', {
    headers: { origin: new URL(second.url()).origin, accept: 'application/json' },
    multipart: formWith('o.csv', line),
  });
  expect(refused.status()).toBe(409);
  expect((await refused.json()).detail).toContain('Another import of your organisation is under way');

  await page.close({ runBeforeUnload: false });
  await expect(second.getByText('The import of large.csv broke off').first()).toBeVisible();
  await expect(second.getByText('Nothing was imported').first()).toBeVisible();
  await expectFits(second);
  await second.goto('/customers');
  await expect(second.getByText('No orders imported yet')).toBeVisible();
  await other.close();
});

test('without JavaScript a file is imported, or refused by line with a proposal', async ({ browser }) => {
  const tenant = await mintTenant();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, await mintUser('scientist', tenant.id));
  await page.goto('/customers/import');
  await expect(page.getByText('or drop it here')).toBeHidden();
  const orders = orderHistory(20);
  const file = { name: 'bestellungen.csv', mimeType: 'text/csv', buffer: Buffer.from(german(orders)) };
  await page.getByLabel('CSV file, up to 500 MB').setInputFiles(file);
  await page.getByRole('button', { name: 'Import orders' }).click();
  await expect(page.getByText('line 1: there is no column "customer_id"').first()).toBeVisible();
  await expect(page.getByLabel('Column of the customer')).toHaveValue('Kunde');
  await expect(page.getByLabel('Dates are written as')).toHaveValue('%d.%m.%Y');
  await page.getByLabel('CSV file, up to 500 MB').setInputFiles(file);
  await page.getByRole('button', { name: 'Import orders' }).click();
  await expect(page.getByText(`${orders.length} orders imported`)).toBeVisible();
  await context.close();
});

test('only data scientists import orders', async ({ page }) => {
  const tenant = await mintTenant();
  await signIn(page, await mintUser('member', tenant.id));
  await page.goto('/customers');
  await expect(page.getByText('A data scientist of your organisation can import it.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Import orders' })).toBeHidden();
  const { status } = await page.goto('/customers/import').then((answer) => ({ status: answer?.status() }));
  expect(status).toBe(403);
});

/** The files of which each once was misread in silence, or refused with wrong words, as a browser sends them. */
const cases: readonly (readonly [name: string, lines: string, said: string])[] = [
  [
    'a mark inside a value',
    'p1,2024-01-01,1,5\np2",2024-01-01,1,5\n',
    'line 3: a quotation mark inside a value',
  ],
  [
    'marks inside two values',
    'a"b,2024-01-01,1,5\n"ab",2024-01-01,1,5\n',
    'line 2: a quotation mark inside a value',
  ],
  ['a JavaScript date', 'a,Wed Jan 31 2024 13:00:00 GMT+0100,1,5\n', 'line 2: ordered_at'],
  ['UTC+2', 'a,2024-01-31 13:00 UTC+2,1,5\n', 'line 2: ordered_at'],
  ['a year of two digits', 'a,05.01.24,1,5\n', 'line 2: ordered_at'],
  ['words', 'a,now,1,5\n', 'line 2: ordered_at'],
  [
    'an open mark',
    'a,2024-01-01,1,5\n"b,2024-01-01,1,5\nc,2024-01-01,1,5\n',
    'line 3: a quotation mark is never closed',
  ],
  ['blank ids', '"\u00a0",2024-01-01,1,5\n', 'line 2: customer_id contains an invisible character'],
  ['hexadecimal numbers', 'a,2024-01-01,0x10,5\n', 'line 2: quantity "0x10" is not a whole number'],
  [
    'odd ids and an empty last line',
    '..,2024-01-01,1,5\n50%,2024-01-02,1,5\nimport,2024-01-02,1,5\n\n',
    '3 orders imported',
  ],
];

test('files with two readings are refused by line in the browser, too', async ({ page }) => {
  const tenant = await mintTenant();
  await signIn(page, await mintUser('scientist', tenant.id));
  await page.goto('/customers/import');
  const origin = new URL(page.url()).origin;
  for (const [name, lines, said] of cases) {
    const answer = await page.request.post('/customers/import/file', {
      headers: { origin },
      multipart: formWith(`${name}.csv`, lines),
    });
    expect(await answer.text(), name).toContain(said.replaceAll('"', '&quot;'));
  }
  for (const id of ['..', '50%', 'import']) {
    await page.goto('/customers');
    await page.getByRole('link', { name: id, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: `Customer ${id}` })).toBeVisible();
  }
});
