import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { awsNames } from '../local/aws-names';
import { demoCustomers } from '../local/seed/history';
import { password } from './tenants';

export const demoPassword = process.env.ANNEX_DEMO_PASSWORD ?? awsNames.demoPassword;

/** Signs in through the hosted page, starting from the landing page. */
export async function signIn(page: Page, email: string, secret = password): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Sign in' }).first().click();
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** The first sign-in of an invited person, who chooses the journeys' password in place of the temporary one. */
export async function firstSignIn(page: Page, email: string, temporary: string): Promise<void> {
  await signIn(page, email, temporary);
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('New password again').fill(password);
  await page.getByRole('button', { name: 'Save and sign in' }).click();
}

/** Waits until the page listens to keys and clicks that need its scripts: just loaded, it would lose them. */
export async function ready(page: Page): Promise<void> {
  const finder = page.getByRole('button', { name: 'Find or go to' });
  await expect(finder.filter({ hasText: 'K' })).toHaveAttribute('aria-keyshortcuts', /\+K$/);
}

/** Fails on any accessibility violation of the current page, in both colour schemes. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The same rules in half the time: what passes is not described, and no second page is opened, which foreign frames alone need.
    const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
    const { violations } = await axe.analyze();
    expect(
      violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
    ).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

/** A year of orders of `customers` fictional customers: enough to fit the built-in model. */
export function orderHistory(customers: number, prefix = 'C'): string[] {
  const start = Date.UTC(2025, 0, 1);
  return Array.from({ length: customers }, (_, index) => {
    const id = `${prefix}${String(index).padStart(4, '0')}`;
    const orders = 1 + (index % 6);
    return Array.from({ length: orders }, (_, n) => {
      const day = ((index * 7) % 120) + n * (11 + (index % 5) * 9);
      return `${id},${new Date(start + day * 86_400_000).toISOString().slice(0, 10)},${1 + (n % 3)},${(9.5 + (index % 40)).toFixed(2)}`;
    });
  }).flat();
}

/** Expects an accessible page that fits the width of a phone and of a desktop. */
export async function expectFits(page: Page): Promise<void> {
  await expectAccessible(page);
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(beyond, `at ${width} px`).toBe(0);
  }
}

/** Orders of `customers` fictional customers until today: enough to train a model on. */
export function demoOrders(customers: number): string[] {
  return [...demoCustomers(customers, new Date(), 7)].flatMap(({ id, orders }) =>
    orders.map(
      ({ day, quantity, amount }) =>
        `${id},${day.toISOString().slice(0, 10)},${quantity},${amount.toFixed(2)}`,
    ),
  );
}
