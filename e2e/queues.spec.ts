import { randomBytes } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, type Page, test } from '@playwright/test';
import { awsNames } from '../local/aws-names';
import { addTenant } from '../local/seed/tenants';
import { expectFits, signIn } from './journey';
import { controlPlane, databaseUrl, mintUser, runningStack } from './tenants';

/** Sends a message to the jobs queue with the portal's keys. */
async function send(body: string): Promise<void> {
  const { environment } = await runningStack();
  const sqs = new SQSClient({
    region: awsNames.region,
    endpoint: environment.AWS_ENDPOINT_URL ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
  });
  await sqs.send(
    new SendMessageCommand({ QueueUrl: environment.ANNEX_JOBS_QUEUE_URL ?? '', MessageBody: body }),
  );
}

/** The dead letter that says `text`. Those of other journeys may be there, too. */
const letter = (page: Page, text: string) =>
  page.getByRole('list', { name: 'Dead letters of Jobs' }).getByRole('listitem').filter({ hasText: text });

/** What the audit says about the message of this kind or reason. */
async function audited(action: string, detail: string): Promise<number> {
  let rows = 0;
  await controlPlane(async (client) => {
    const found = await client.query(
      "select from audit_event where tenant_id is null and action = $1 and detail::text like '%' || $2 || '%'",
      [action, detail],
    );
    rows = found.rowCount ?? 0;
  });
  return rows;
}

test('an administrator sees why a job could not be done, and sends it back or discards it', async ({
  page,
  browser,
}) => {
  const nobody = `q${randomBytes(5).toString('hex')}`;
  const garbage = `garbage-${randomBytes(4).toString('hex')}`;
  const admin = await mintUser('admin');
  await signIn(page, admin);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Queues' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Queues' })).toBeVisible();

  await test.step('what can never succeed appears with its reason, without a reload', async () => {
    await send(`${garbage} <b>bold</b> password=hunter2`);
    await send(JSON.stringify({ version: 1, job: { kind: 'churn.refit', tenantId: nobody } }));
    await expect(letter(page, garbage)).toContainText('not a valid job: not JSON');
    await expect(letter(page, garbage)).toContainText(`${garbage} <b>bold</b> password=…`);
    await expect(letter(page, nobody)).toContainText(`not_found: Tenant ${nobody} does not exist.`);
    await expect(letter(page, nobody)).toContainText('churn.refit for');
    await expect(letter(page, nobody)).toContainText('Received once');
    await expectFits(page);
  });

  await test.step('the overview leads there', async () => {
    await page.goto('/overview');
    await page.getByRole('link', { name: /messages? could not be handled/ }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Queues' })).toBeVisible();
  });

  await test.step('a job whose cause is mended is sent back and is done', async () => {
    await addTenant(await databaseUrl(), { id: nobody, name: nobody });
    await letter(page, nobody).getByRole('button', { name: 'Redrive' }).click();
    await expect(page.locator(':focus')).toContainText('Message sent back');
    await expect(letter(page, nobody)).toHaveCount(0);
    expect(await audited('queues.redrive', nobody)).toBe(1);
  });

  await test.step('one that makes no sense is discarded, also without JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await signIn(plain, admin);
    await plain.goto('/admin/queues');
    const stale = plain.getByRole('list', { name: 'Dead letters of Jobs' });
    await expect(stale).toContainText(garbage);
    await letter(plain, garbage).getByText('Discard…').click();
    await letter(plain, garbage).getByRole('button', { name: 'Discard this message' }).click();
    await expect(plain.getByText('Message discarded')).toBeVisible();
    await expect(letter(plain, garbage)).toHaveCount(0);
    await context.close();
    await expect(letter(page, garbage)).toHaveCount(0);
    expect(await audited('queues.discard', 'not JSON')).toBeGreaterThan(0);
  });
});

test('only administrators see the queues', async ({ page }) => {
  await signIn(page, 'owner@bar.example', awsNames.demoPassword);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Queues' })).toHaveCount(0);
  await page.goto('/admin/queues');
  await expect(page.getByText(/Your role doesn’t include this page/)).toBeVisible();
});
