import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { expectAccessible, orderHistory, signIn } from './journey';
import { importOrders, mintTenant, mintUser, password } from './tenants';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const request = (page: Page) => page.getByRole('button', { name: 'Request workbench' });
const nowAs = (page: Page, email: string) => page.getByText(`You are signed in as ${email} now`);

/** Scientists of two tenants without a workbench. */
async function two() {
  const [a, b] = await Promise.all([mintTenant(), mintTenant()]);
  const [ada, bea] = await Promise.all([mintUser('scientist', a.id), mintUser('scientist', b.id)]);
  return { a, b, ada, bea };
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(heading(page, 'Signed out')).toBeVisible();
}

async function signInOn(page: Page, email: string): Promise<void> {
  await signIn(page, email);
  await expect(heading(page, 'Overview')).toBeVisible();
  await page.goto('/workbench');
  await expect(heading(page, 'Workbench')).toBeVisible();
}

/** A tab that learns nothing of what other tabs do: only the server can refuse what it asks. */
async function deafTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(() => {
    BroadcastChannel.prototype.addEventListener = () => undefined;
    for (const type of ['focus', 'visibilitychange']) {
      window.addEventListener(type, (event) => event.stopImmediatePropagation(), true);
    }
  });
  return page;
}

/** Signs in as somebody else than the person of `page`, in another tab. */
async function switchTo(email: string, context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto('/workbench');
  await signOut(page);
  await signInOn(page, email);
  return page;
}

test('other tabs learn at once who signed out and in', async ({ context }) => {
  const { a, b, ada, bea } = await two();
  const first = await context.newPage();
  await signInOn(first, ada);
  await first.getByRole('radio').last().check();
  const second = await context.newPage();
  await second.goto('/workbench');

  await test.step('a sign-out hides the page', async () => {
    await signOut(second);
    await expect(heading(first, 'You are signed out')).toBeVisible();
    await expect(first.getByTitle(a.name)).toBeHidden();
    await expectAccessible(first);
  });

  await test.step('the same person finds it as it was', async () => {
    await signInOn(second, ada);
    await expect(request(first)).toBeVisible();
    await expect(first.getByRole('radio').last()).toBeChecked();
  });

  await test.step('somebody else gets the own page, which says so', async () => {
    await signOut(second);
    await signInOn(second, bea);
    await expect(nowAs(first, bea)).toBeVisible();
    await expect(first.getByTitle(b.name)).toBeVisible();
    await expect(first.getByText(a.name)).toHaveCount(0);
    await expectAccessible(first);
    await expect(second.getByText('You are signed in as')).toHaveCount(0);
  });
});

test('a form of one tenant does nothing for another', async ({ context }) => {
  const { a, ada, bea } = await two();
  const page = await deafTab(context);
  await signInOn(page, ada);
  const other = await switchTo(bea, context);

  await expect(page.getByTitle(a.name)).toBeVisible();
  await request(page).click();
  await expect(nowAs(page, bea)).toBeVisible();
  await expect(page.getByText(a.name)).toHaveCount(0);
  await other.reload();
  await expect(request(other)).toBeVisible();
});

test('a poll of one tenant reads nothing of another', async ({ context }) => {
  const { ada, bea } = await two();
  const page = await deafTab(context);
  await signInOn(page, ada);
  await switchTo(bea, context);

  const answer = page.waitForResponse('**/workbench/status');
  await page.evaluate(() => void fetch('/workbench/status'));
  expect((await answer).status()).toBe(409);
  await expect(nowAs(page, bea)).toBeVisible();
});

test('no page shows the rows of one tenant under the name of another', async ({ context }) => {
  const { a, b, ada, bea } = await two();
  await Promise.all([importOrders(a.id, orderHistory(20, 'A')), importOrders(b.id, orderHistory(20, 'B'))]);
  const page = await deafTab(context);
  await signInOn(page, ada);
  const mixed: string[] = [];
  await page.exposeFunction('report', (text: string) => mixed.push(text));
  await page.evaluate(
    ([name]) => {
      new MutationObserver(() => {
        const text = document.body.textContent;
        if (text.includes(name ?? '') && /B\d{4}/.test(text)) {
          (window as unknown as { report: (text: string) => void }).report(text);
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    },
    [a.name],
  );
  const other = await switchTo(bea, context);
  await other.getByRole('link', { name: 'Customers' }).click();
  await expect(other.getByRole('link', { name: /^B\d{4}$/ }).first()).toBeVisible();

  await page.getByRole('link', { name: 'Customers' }).click();
  await expect(nowAs(page, bea)).toBeVisible();
  await expect(page.getByText(a.name)).toHaveCount(0);
  await page.getByRole('link', { name: 'Customers' }).click();
  await expect(page.getByRole('link', { name: /^B\d{4}$/ }).first()).toBeVisible();
  expect(mixed).toEqual([]);
});

test('Back shows nothing after a sign-out', async ({ context }) => {
  const { a, ada } = await two();
  await importOrders(a.id, orderHistory(20, 'A'));
  const page = await deafTab(context);
  await signInOn(page, ada);
  await page.getByRole('link', { name: 'Customers' }).click();
  const row = page.getByRole('link', { name: /^A\d{4}$/ }).first();
  await expect(row).toBeVisible();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Model' }).click();
  await expect(heading(page, 'Model')).toBeVisible();

  await test.step('in another tab', async () => {
    const other = await context.newPage();
    await other.goto('/workbench');
    await signOut(other);
    await page.goBack();
    await expect(heading(page, 'You are signed out')).toBeVisible();
    await expect(row).toBeHidden();
  });

  await test.step('in this tab', async () => {
    await signInOn(page, ada);
    await page.goto('/customers');
    await signOut(page);
    await page.goBack();
    await expect(row).toBeHidden();
    await expect(page.getByLabel('Password').or(heading(page, 'You are signed out'))).toBeVisible();
  });
});

test('without JavaScript a form of one tenant does nothing for another, either', async ({ browser }) => {
  const { a, b, ada, bea } = await two();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signInOn(page, ada);
  const stale = await context.newPage();
  await stale.goto('/workbench');
  const other = await switchTo(bea, context);

  await request(page).click();
  await expect(nowAs(page, bea)).toBeVisible();
  await expect(request(page)).toBeVisible();
  await expect(page.getByText(a.name)).toHaveCount(0);
  await other.reload();
  await expect(request(other)).toBeVisible();

  await test.step('nor does Sign out', async () => {
    await stale.getByRole('button', { name: 'Sign out' }).click();
    await expect(nowAs(stale, bea)).toBeVisible();
    await expect(stale.getByTitle(b.name)).toBeVisible();
  });
  await context.close();
});

for (const javaScriptEnabled of [true, false]) {
  test(`a link to a file of one tenant gives no file of another, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async ({
    browser,
  }) => {
    const { a, b, ada, bea } = await two();
    await Promise.all([importOrders(a.id, orderHistory(20, 'A')), importOrders(b.id, orderHistory(20, 'B'))]);
    const context = await browser.newContext({ javaScriptEnabled });
    const files: string[] = [];
    const page = javaScriptEnabled ? await deafTab(context) : await context.newPage();
    page.on('download', (download) => files.push(download.suggestedFilename()));
    await signInOn(page, ada);
    const link = page.getByRole('link', { name: /^(Export CSV|Download JSON Schema)$/ });
    for (const path of ['/customers', '/model?tab=interface']) {
      await page.goto(path);
      await expect(link.first()).toBeVisible();
      const other = await switchTo(bea, context);
      await link.first().click();
      await expect(nowAs(page, bea)).toBeVisible();
      await expect(page.getByTitle(b.name)).toBeVisible();
      await expect(page.getByText(a.name)).toHaveCount(0);
      expect(files).toEqual([]);
      // The own link gives the own file.
      await page.goto(path);
      const [own] = await Promise.all([page.waitForEvent('download'), link.first().click()]);
      expect(files.splice(0)).toEqual([own.suggestedFilename()]);
      await signOut(other);
      await signInOn(other, ada);
      await other.close();
    }
    await context.close();
  });
}

const alarm = (page: Page) => page.getByRole('alert').filter({ hasText: 'was not' });

test('a submit that gets no answer says so, keeps the form, and can be repeated', async ({
  page,
  context,
}) => {
  const { ada } = await two();
  await signInOn(page, ada);
  const choice = page.getByRole('radio').last();
  await choice.check();

  await test.step('without a connection', async () => {
    await context.setOffline(true);
    await request(page).click();
    await expect(alarm(page)).toContainText('Annex could not be reached');
    await expect(choice).toBeChecked();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'You are not signed out' })).toBeVisible();
    await page.getByRole('link', { name: 'Customers' }).click();
    await expect(page.getByText('Annex cannot be reached')).toBeVisible();
    await expect(heading(page, 'Workbench')).toBeVisible();
    await context.setOffline(false);
    await expect(heading(page, 'Customers')).toBeVisible();
    await page.goto('/workbench');
    await choice.check();
  });

  for (const [answer, words] of [
    [{ status: 404, headers: { 'x-nextjs-action-not-found': '1' } }, 'Annex was updated'],
    [{ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }, 'did not answer as expected'],
  ] as const) {
    await test.step(`which answers ${answer.status}`, async () => {
      await page.route('**/workbench', (route) =>
        route.request().method() === 'POST' ? route.fulfill(answer) : route.continue(),
      );
      await request(page).click();
      await expect(alarm(page)).toContainText(words);
      await expect(choice).toBeChecked();
      await page.unroute('**/workbench');
    });
  }

  await request(page).click();
  await expect(page.getByRole('heading', { name: 'AWS account' })).toBeVisible();
});

test('who signed out elsewhere can sign in beside the button, and returns to the place', async ({
  context,
}) => {
  const { ada } = await two();
  const page = await deafTab(context);
  await signInOn(page, ada);
  await page.goto('/workbench?from=mail#content');
  const choice = page.getByRole('radio').last();
  await choice.check();
  const other = await context.newPage();
  await other.goto('/workbench');
  await signOut(other);

  await request(page).click();
  await expect(alarm(page)).toContainText('You are not signed in');
  await expect(choice).toBeChecked();
  await page.getByRole('link', { name: 'Sign in', exact: true }).click();
  await page.getByLabel('Email').fill(ada);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(heading(page, 'Workbench')).toBeVisible();
  await expect(page).toHaveURL(/\/workbench\?from=mail#content$/);
});

test('the form of an extract is kept without a connection and after a sign-out', async ({ context }) => {
  const { a, ada } = await two();
  await importOrders(a.id, orderHistory(120));
  const page = await deafTab(context);
  await signInOn(page, ada);
  await request(page).click();
  await expect(page.getByRole('button', { name: 'Launch Studio' })).toBeVisible();
  await page.goto('/extracts/new');
  await expect(page.getByRole('table', { name: 'Preview' })).toBeVisible();
  const submit = page.getByRole('button', { name: 'Submit extract' });
  const format = page.getByRole('radio', { name: /Parquet/ });

  await test.step('without a connection', async () => {
    await context.setOffline(true);
    await format.check();
    await submit.click();
    await expect(alarm(page)).toContainText('Annex could not be reached');
    await expect(format).toBeChecked();
    await context.setOffline(false);
  });

  await test.step('signed out', async () => {
    const other = await context.newPage();
    await other.goto('/workbench');
    await signOut(other);
    await submit.click();
    await expect(alarm(page)).toContainText('You are not signed in');
    await expect(page.getByRole('link', { name: 'Sign in', exact: true })).toBeVisible();
    await expect(format).toBeChecked();
    await signInOn(other, ada);
  });

  await submit.click();
  await expect(page.getByRole('heading', { level: 1, name: /^Extract: / })).toBeVisible();
  await expect(page.getByText('Parquet').first()).toBeVisible();
});
