import { expect, test } from '@playwright/test';
import { expectAccessible, expectFits, signIn } from './journey';
import { inviteUser, mailsTo, mintTenant, outboxOf, temporaryPassword } from './tenants';

test('an invited person follows the mail, chooses a password and is in', async ({ page }) => {
  const email = await inviteUser('member', (await mintTenant()).id);
  expect(await mailsTo(email)).toHaveLength(1);
  const temporary = await temporaryPassword(email);

  await test.step('the outbox shows the mail, with a link to the portal', async () => {
    await page.goto(await outboxOf(email));
    await expect(page.getByRole('heading', { level: 1, name: 'Outbox' })).toBeVisible();
    await expect(page.getByRole('heading', { level: 2 })).toHaveText(['Your invitation to Annex']);
    await expectAccessible(page);
    await expectFits(page);
    await page.getByRole('listitem').getByRole('link', { name: /^http/ }).click();
    await expect(page.getByRole('button', { name: 'Sign in' }).first()).toBeVisible();
  });

  await test.step('the temporary password leads to the choice of another', async () => {
    await signIn(page, email, temporary);
    await expect(page.getByRole('heading', { level: 1, name: 'Choose a password' })).toBeVisible();
    await expectAccessible(page);
    await expectFits(page);
    await page.getByLabel('New password', { exact: true }).fill('a-password-of-my-own');
    await page.getByLabel('New password again').fill('something-else');
    await page.getByRole('button', { name: 'Save and sign in' }).click();
    await expect(page.getByRole('alert')).toHaveText('The two passwords differ. Enter the same one twice.');
    await expectAccessible(page);
  });

  await test.step('which signs in', async () => {
    await page.getByLabel('New password', { exact: true }).fill('a-password-of-my-own');
    await page.getByLabel('New password again').fill('a-password-of-my-own');
    await page.getByRole('button', { name: 'Save and sign in' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  });
});
