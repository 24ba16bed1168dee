import {
  CreateAppCommand,
  CreateSpaceCommand,
  CreateUserProfileCommand,
  DescribeSpaceCommand,
  DescribeUserProfileCommand,
  ListDomainsCommand,
  ListUserProfilesCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { awsEnvironment } from '../local/tenant-keys';
import { clientOf } from './isolation/furnish';
import { runningStack } from './tenants';

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

/**
 * Makes private spaces in the tenant's Studio, as a notebook or a script of somebody there would: `own`, in which JupyterLab runs, of the
 * only user profile that there is, and `others` of a new one.
 */
export async function makeSpaces(tenantId: string, own: string, others: string): Promise<void> {
  const keys = await awsEnvironment(await runningStack(), tenantId);
  if (!keys) throw new Error(`There is no tenant ${tenantId}.`);
  const client = new SageMakerClient(clientOf(keys));
  const DomainId = (await client.send(new ListDomainsCommand({}))).Domains?.[0]?.DomainId;
  const [profile] = (await client.send(new ListUserProfilesCommand({}))).UserProfiles ?? [];
  await client.send(new CreateUserProfileCommand({ DomainId, UserProfileName: 'somebody' }));
  await expect
    .poll(async () => {
      const command = new DescribeUserProfileCommand({ DomainId, UserProfileName: 'somebody' });
      return (await client.send(command)).Status;
    })
    .toBe('InService');
  const spaces = [
    [own, profile?.UserProfileName],
    [others, 'somebody'],
  ] as const;
  for (const [SpaceName, OwnerUserProfileName] of spaces) {
    const space = { DomainId, SpaceName };
    await client.send(
      new CreateSpaceCommand({
        ...space,
        SpaceSettings: { AppType: 'JupyterLab' },
        OwnershipSettings: { OwnerUserProfileName },
        SpaceSharingSettings: { SharingType: 'Private' },
      }),
    );
    await expect
      .poll(async () => (await client.send(new DescribeSpaceCommand(space))).Status)
      .toBe('InService');
  }
  await client.send(
    new CreateAppCommand({ DomainId, SpaceName: own, AppType: 'JupyterLab', AppName: 'default' }),
  );
}
