import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateAppCommand,
  CreateSpaceCommand,
  ListSpacesCommand,
  ListUserProfilesCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { DescribeProvisionedProductCommand, ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { advanceWorkbench } from '@/lib/domain/workbench/verbs/advance-workbench';
import { listVariants } from '@/lib/domain/workbench/verbs/list-variants';
import { requestWorkbench } from '@/lib/domain/workbench/verbs/request-workbench';
import type { AnnexError } from '@/lib/errors';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { WiredWorld } from '@/local/testing/wired-world';
import { portalClient, tenantClient } from '../core/clients';
import { tenantBucket } from '../core/tenant-bucket';
import { studio } from '../workbench/studio';
import { tenantEstate } from './tenant-estate';

let stack: ProductAws;
const world = new WiredWorld('gone', 'full', 'stays', 'quota', 'fresh', 'never');

beforeAll(async () => {
  stack = await startProductAws();
});
afterAll(() => stack.stop());

const patience = { timeout: 60_000, interval: 30 };

/** Gives the tenant a workbench with a profile, an app, a space, an endpoint and `objects` objects; returns the account and the domain. */
async function furnish(tenantId: string, objects: number) {
  const [variant] = await listVariants(world.as('scientist', tenantId), undefined);
  await requestWorkbench(world.as('scientist', tenantId), { variantId: variant?.id ?? '' });
  const { accountId, domainId } = await vi.waitFor(async () => {
    const request = await advanceWorkbench(world.as('system', tenantId), {});
    if (!request?.accountId || !request.domainId || request.state !== 'ready') throw new Error('not yet');
    return { accountId: request.accountId, domainId: request.domainId };
  }, patience);
  await studio(tenantId).ensureUserProfile({ accountId, domainId, profile: 'ada' });
  await sageMaker(tenantId, accountId).send(
    new CreateAppCommand({
      DomainId: domainId,
      UserProfileName: 'ada',
      AppType: 'JupyterLab',
      AppName: 'default',
    }),
  );
  await sageMaker(tenantId, accountId).send(
    new CreateSpaceCommand({
      DomainId: domainId,
      SpaceName: 'notes',
      SpaceSettings: { AppType: 'JupyterLab' },
      OwnershipSettings: { OwnerUserProfileName: 'ada' },
      SpaceSharingSettings: { SharingType: 'Private' },
    }),
  );
  await stack.hostModel(accountId, 'churn');
  const s3 = tenantClient(S3Client, { kind: 'silo', tenantId, accountId });
  for (let n = 0; n < objects; n += 1)
    await s3.send(
      new PutObjectCommand({
        Bucket: tenantBucket(tenantId, accountId),
        Key: `extracts/ü ${n}/a&b.csv`,
        Body: 'x,y',
      }),
    );
  return { accountId, domainId };
}

const sageMaker = (tenantId: string, accountId: string) =>
  tenantClient(SageMakerClient, { kind: 'silo', tenantId, accountId });

/** Passes until nothing is left that AWS would delete. */
const until = (pass: () => Promise<{ readonly waiting: number }>) =>
  vi.waitFor(async () => {
    if ((await pass()).waiting > 0) throw new Error('not yet');
  }, patience);

/** The error that `call` ends with, after as many calls as that takes. */
const untilRefused = (call: () => Promise<unknown>) =>
  vi.waitFor(async () => {
    const error = await call().then(
      () => null,
      (thrown: AnnexError) => thrown,
    );
    if (!error) throw new Error('not yet');
    return error;
  }, patience);

describe('tenantEstate', () => {
  it('empties the account, deletes the baseline and closes the account, each as often as it is asked', async () => {
    const { accountId, domainId } = await furnish('gone', 3);
    const other = await furnish('stays', 1);
    const estate = tenantEstate('gone');
    expect(await estate.count(accountId)).toEqual({
      endpoints: 1,
      apps: 1,
      profiles: 1,
      objects: 3,
      bytes: 9,
    });
    expect(await estate.countRequests()).toBe(2);

    await until(() => estate.deleteEndpoints(accountId));
    await until(() => estate.emptyStudio(accountId));
    await until(() => estate.emptyBucket(accountId));
    expect(await estate.count(accountId)).toEqual({
      endpoints: 0,
      apps: 0,
      profiles: 0,
      objects: 0,
      bytes: 0,
    });
    const { UserProfiles } = await sageMaker('gone', accountId).send(
      new ListUserProfilesCommand({ DomainIdEquals: domainId }),
    );
    expect(UserProfiles).toEqual([]);
    const { Spaces } = await sageMaker('gone', accountId).send(
      new ListSpacesCommand({ DomainIdEquals: domainId }),
    );
    expect(Spaces).toEqual([]);

    await vi.waitFor(
      async () => expect(await estate.deleteBaseline(accountId, 'close-1')).toEqual({ state: 'gone' }),
      patience,
    );
    await expect(estate.count(accountId)).rejects.toMatchObject({ code: 'dependency_denied' });
    await estate.deleteRequests();
    await estate.deleteRequests();
    expect(await estate.countRequests()).toBe(0);
    await vi.waitFor(
      async () => expect(await estate.closeAccount(accountId)).toEqual({ state: 'closed' }),
      patience,
    );
    expect(await estate.closeAccount(accountId)).toEqual({ state: 'closed' });

    expect(await tenantEstate('stays').count(other.accountId)).toMatchObject({
      endpoints: 1,
      apps: 1,
      objects: 1,
    });
    expect(await tenantEstate('stays').countRequests()).toBe(2);
  });

  it('says in CloudFormation’s words why a baseline stays, and tries again under another id', async () => {
    const { accountId } = await furnish('full', 1);
    const estate = tenantEstate('full');
    await until(() => estate.deleteEndpoints(accountId));
    await until(() => estate.emptyStudio(accountId));
    const failed = await vi.waitFor(async () => {
      const removal = await estate.deleteBaseline(accountId, 'close-full-1');
      if (removal.state === 'running') throw new Error('not yet');
      return removal;
    }, patience);
    expect(failed).toEqual({ state: 'failed', reason: 'The bucket you tried to delete is not empty.' });
    await until(() => estate.emptyBucket(accountId));
    await vi.waitFor(
      async () => expect(await estate.deleteBaseline(accountId, 'close-full-2')).toEqual({ state: 'gone' }),
      patience,
    );
  });

  it('explains the quota of closed accounts, and gives no closed account to anybody else', async () => {
    const { accountId } = await furnish('quota', 0);
    const estate = tenantEstate('quota');
    await stack.fault('account.close', 'quota', { message: 'You have exceeded close account quota.' });
    const closed = () =>
      vi.waitFor(async () => {
        // The account leaves Service Catalog first.
        if ((await estate.closeAccount(accountId)).state === 'running') throw new Error('not yet');
      }, patience);
    const refused = await untilRefused(() => estate.closeAccount(accountId));
    expect(refused).toMatchObject({ code: 'dependency_failed', transient: false });
    expect(refused.message).toContain('You have exceeded close account quota.');
    await closed();
    const fresh = await furnish('fresh', 0);
    expect(fresh.accountId).not.toBe(accountId);
  });

  it('removes from Service Catalog what failed to become an account', async () => {
    await stack.fault('account.vend', 'never', { message: 'Quota exceeded.' });
    const [variant] = await listVariants(world.as('scientist', 'never'), undefined);
    await requestWorkbench(world.as('scientist', 'never'), { variantId: variant?.id ?? '' });
    await vi.waitFor(async () => {
      const request = await advanceWorkbench(world.as('system', 'never'), {});
      if (request?.state !== 'failed') throw new Error('not yet');
    }, patience);
    const product = () =>
      portalClient(ServiceCatalogClient).send(
        new DescribeProvisionedProductCommand({ Name: 'annex-never-workbench' }),
      );
    expect((await product()).ProvisionedProductDetail?.Status).toBe('ERROR');
    const estate = tenantEstate('never');
    await vi.waitFor(
      async () => expect(await estate.closeAccount(null)).toEqual({ state: 'closed' }),
      patience,
    );
    await expect(product()).rejects.toThrow();
  });
});
