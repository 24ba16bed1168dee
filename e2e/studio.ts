import { type BrowserContext, expect, type Page } from '@playwright/test';

/** Trains in Studio on the newest extract. Resolves with Studio's page, which offers to deploy the model. */
export async function train(page: Page, context: BrowserContext): Promise<Page> {
  await page.goto('/workbench');
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Launch Studio' }).click();
  const studio = await opened;
  await studio.getByRole('link', { name: 'Training' }).click();
  await studio
    .getByRole('link', { name: /^Train on/ })
    .first()
    .click();
  await studio.getByRole('button', { name: 'Start training' }).click();
  await expect(studio.getByRole('button', { name: 'Deploy' })).toBeVisible();
  return studio;
}

/** Trains as `train`, and asks for a deployment, which then takes a while. */
export async function deploy(page: Page, context: BrowserContext, endpoint: string): Promise<void> {
  const studio = await train(page, context);
  await studio.getByLabel('Endpoint name').fill(endpoint);
  await studio.getByRole('button', { name: 'Deploy' }).click();
  await studio.waitForURL(/endpoint/i);
  await studio.close();
}
