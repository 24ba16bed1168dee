import { randomBytes } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { demoPassword, expectFits, signIn } from './journey';
import { mailsTo, mintTenant, mintUser, password } from './tenants';

interface Stranger {
  readonly organisation: string;
  readonly email: string;
}

const stranger = (organisation?: string): Stranger => {
  const id = randomBytes(4).toString('hex');
  return { organisation: organisation ?? `Newcomers ${id}`, email: `olga-${id}@newcomers.example` };
};

test('a stranger signs up, an administrator approves, and the owner is in', async ({ page, browser }) => {
  const olga = stranger();
  await test.step('the landing page leads to the form', async () => {
    await page.goto('/');
    await page.getByRole('link', { name: 'Sign up' }).click();
    await expectFits(page);
    await fillIn(page, olga);
    await expect(page.getByRole('heading', { level: 1, name: 'Check your mail' })).toBeVisible();
    await expectFits(page);
  });

  await test.step('a wrong code is refused, another is sent, and the right one confirms', async () => {
    const right = await codeTo(olga.email);
    await enter(page, right === '000000' ? '111111' : '000000');
    await expect(page.locator('main').getByRole('alert')).toContainText(
      'The code is not right, or no longer valid.',
    );
    await expect(page.getByLabel('Code')).not.toHaveValue('');
    await page.getByRole('button', { name: 'Send another code' }).click();
    await expect(page.getByText('Another mail is on its way').first()).toBeVisible();
    await enter(page, await codeTo(olga.email));
    await expect(
      page.getByRole('heading', { level: 1, name: 'Your organisation waits for approval' }),
    ).toBeVisible();
    await expectFits(page);
  });

  const owner = await (await browser.newContext()).newPage();
  await test.step('who signs in meanwhile is told to wait', async () => {
    await signIn(owner, olga.email);
    await expect(owner.getByText('Your organisation waits for approval.').first()).toBeVisible();
  });

  const admin = await administrator(page);
  await test.step('the administrator sees the request and approves', async () => {
    await openRequest(admin, olga);
    await expect(admin.getByText(olga.email).first()).toBeVisible();
    await expectFits(admin);
    await admin.getByRole('button', { name: 'Approve' }).click();
    await expect(admin.getByText('Tenant approved').first()).toBeVisible();
    await expect(admin.getByText('Onboarding: The tenant is set up').first()).toBeVisible();
  });

  await test.step('the owner gets a mail, and sees the overview with the session of before', async () => {
    const [mail] = await mailsTo(olga.email);
    expect(mail).toMatchObject({ subject: 'Your organisation is admitted to Annex' });
    expect(mail?.text).toContain(olga.organisation);
    await owner.goto('/');
    await expect(owner.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    await owner.goto('/people');
    await expect(owner.getByRole('rowheader', { name: olga.email })).toBeVisible();
  });
  for (const each of [owner, admin]) await each.context().close();
});

test('a stranger who is declined gets the reason, and may try again', async ({ page }) => {
  const olga = stranger();
  await signUp(page, olga);
  const admin = await administrator(page);
  await openRequest(admin, olga);
  await admin.getByLabel('Reason').fill('We do not know you yet.');
  await admin.getByRole('button', { name: 'Decline' }).click();
  await expect(admin.getByText('Tenant declined').first()).toBeVisible();
  const [mail] = await mailsTo(olga.email);
  expect(mail).toMatchObject({ subject: 'Your organisation was not admitted to Annex' });
  expect(mail?.text).toContain('We do not know you yet.');
  await page.reload();
  await expect(
    page.getByRole('heading', { level: 1, name: 'Your organisation was not admitted' }),
  ).toBeVisible();
  await expectFits(page);
  await signUp(page, olga);
  await admin.context().close();
});

test('an address that has a user is answered as any other, without JavaScript, too', async ({ browser }) => {
  const email = await mintUser('member', (await mintTenant()).id);
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    const seen: string[][] = [];
    for (const each of [stranger('Same'), { organisation: 'Same', email }]) {
      await page.goto('/sign-up');
      await fillIn(page, each);
      await expect(page.getByRole('heading', { level: 1, name: 'Check your mail' })).toBeVisible();
      const asked = await page.locator('main').textContent();
      const right = await codeTo(each.email);
      await enter(page, right === '000000' ? '111111' : '000000');
      await expect(page.locator('main').getByRole('alert')).toContainText('The code is not right');
      seen.push(
        [asked, await page.locator('main').textContent()].map(
          (text) => text?.replaceAll(each.email, '') ?? '',
        ),
      );
    }
    expect(seen[1]).toEqual(seen[0]);
    await context.close();
  }
  expect((await mailsTo(email)).map(({ subject }) => subject)).toEqual([
    'Somebody tried to sign up for Annex with your address',
  ]);
});

test('a name that is taken is said after the code, and another is taken, without JavaScript', async ({
  browser,
}) => {
  const { name } = await mintTenant();
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  const olga = stranger(name.toUpperCase());
  await page.goto('/sign-up');
  await fillIn(page, olga);
  await enter(page, await codeTo(olga.email));
  await expect(page.getByRole('heading', { level: 1, name: 'Choose another name' })).toBeVisible();
  await expect(page.getByText(/is taken\. Choose another, or ask your colleagues/)).toBeVisible();
  await page.getByRole('button', { name: 'Use this name' }).click();
  await expect(page.locator('main').getByRole('alert')).toContainText('This name is taken.');
  await page.getByLabel('Organisation').fill(stranger().organisation);
  await page.getByRole('button', { name: 'Use this name' }).click();
  await expect(
    page.getByRole('heading', { level: 1, name: 'Your organisation waits for approval' }),
  ).toBeVisible();
  await page.context().close();
});

async function signUp(page: Page, who: Stranger): Promise<void> {
  await page.goto('/sign-up');
  await fillIn(page, who);
  await expect(page.getByRole('heading', { level: 1, name: 'Check your mail' })).toBeVisible();
  await enter(page, await codeTo(who.email));
  await expect(
    page.getByRole('heading', { level: 1, name: 'Your organisation waits for approval' }),
  ).toBeVisible();
}

async function fillIn(page: Page, { organisation, email }: Stranger): Promise<void> {
  await page.getByLabel('Organisation').fill(organisation);
  await page.getByLabel('Your name').fill('Olga');
  await page.getByLabel('Work e-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign up' }).click();
}

async function enter(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: 'Confirm' }).click();
}

/** The code of the latest mail to that address; of none, there is no such code. */
async function codeTo(email: string): Promise<string> {
  const [mail] = await mailsTo(email);
  return /code is (\d{6})/.exec(mail?.text ?? '')?.[1] ?? '000000';
}

async function administrator(page: Page): Promise<Page> {
  const context = await page.context().browser()?.newContext();
  if (!context) throw new Error('no browser');
  const admin = await context.newPage();
  await signIn(admin, 'admin@xyz.example', demoPassword);
  await expect(admin.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  return admin;
}

/** Opens the tenant that was asked for, from the overview. */
async function openRequest(admin: Page, { organisation }: Stranger): Promise<void> {
  await admin.goto('/overview');
  await admin.getByRole('link', { name: `Sign-up waits for a decision: ${organisation}` }).click();
  await expect(admin.getByRole('heading', { level: 1, name: organisation })).toBeVisible();
}
