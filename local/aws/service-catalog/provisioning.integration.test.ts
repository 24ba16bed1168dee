import {
  CreateStackInstancesCommand,
  DescribeStackInstanceCommand,
  DescribeStackSetCommand,
  ListStackInstancesCommand,
  ListStackSetOperationsCommand,
  ListStackSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeDomainCommand, ListDomainsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import {
  DescribeProvisionedProductCommand,
  DescribeProvisioningParametersCommand,
  ProvisionProductCommand,
  SearchProductsCommand,
  TerminateProvisionedProductCommand,
} from '@aws-sdk/client-service-catalog';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tenantBucket, world } from '@/local/world';
import { provisionInput, repairInput } from '../testing/fake-client';
import { startTestWorld, type TestWorld, until } from '../testing/test-world';

let aws: TestWorld;
beforeAll(async () => {
  aws = await startTestWorld();
});
afterAll(() => aws.close());

const eventsOf = async (tenantId: string): Promise<readonly string[]> =>
  (await aws.events()).filter((body) => body.includes(`annex-${tenantId}`));

describe('provisioning over the wire', () => {
  it('goes from the catalogue to a domain', async () => {
    const { ProductViewSummaries = [] } = await aws.catalog.send(
      new SearchProductsCommand({ Filters: { Owner: ['annex'] } }),
    );
    expect(ProductViewSummaries.map(({ Name }) => Name)).toEqual(['Workbench GPU', 'Workbench Standard']);
    const { ProductId, ProvisioningArtifactId } = provisionInput('any');
    const described = await aws.catalog.send(
      new DescribeProvisioningParametersCommand({ ProductId, ProvisioningArtifactId }),
    );
    expect(described.ProvisioningArtifactParameters).toHaveLength(7);

    const recordId = await aws.provision('foo-1', 'foo');
    expect(await aws.provision('foo-1', 'foo')).toBe(recordId);
    const { status, accountId } = await aws.ended(recordId);
    expect(status).toBe('SUCCEEDED');
    expect(accountId).toMatch(/^\d{12}$/);
    const [event = ''] = await until('the event', async () => {
      const events = await eventsOf('foo');
      return events.length > 0 && events;
    });
    expect(JSON.parse(event).detail.serviceEventDetails.createManagedAccountStatus.account.accountId).toBe(
      accountId,
    );
    expect(await aws.baseline(accountId)).toBe('SUCCEEDED');
    const { id, status: up } = await aws.domain('foo', accountId);
    expect(up).toBe('InService');

    const keys = await aws.tenantKeys('foo', accountId);
    const domain = await new SageMakerClient(aws.settings(keys)).send(
      new DescribeDomainCommand({ DomainId: id }),
    );
    expect(domain).toMatchObject({ AuthMode: 'IAM', CreationTime: expect.any(Date) });
    const s3 = new S3Client({ ...aws.settings(keys), forcePathStyle: true });
    await s3.send(
      new HeadBucketCommand({ Bucket: tenantBucket('foo', accountId), ExpectedBucketOwner: accountId }),
    );
    const product = await aws.catalog.send(new DescribeProvisionedProductCommand({ Name: 'annex-foo' }));
    expect(product.ProvisionedProductDetail).toMatchObject({
      Status: 'AVAILABLE',
      IdempotencyToken: 'foo-1',
    });
  });

  it('shows the stack set, its instances and operations', async () => {
    const { accountId } = await aws.ended(await aws.provision('view-1', 'view'));
    await aws.baseline(accountId);
    const StackSetName = world.stackSet;
    const { Summaries: sets = [] } = await aws.stacks.send(new ListStackSetsCommand({ Status: 'ACTIVE' }));
    expect(sets).toMatchObject([{ StackSetName, AutoDeployment: { Enabled: true } }]);
    const { StackSet } = await aws.stacks.send(new DescribeStackSetCommand({ StackSetName }));
    expect(StackSet).toMatchObject({
      PermissionModel: 'SERVICE_MANAGED',
      OrganizationalUnitIds: [world.mlOu],
    });
    const { Summaries: instances = [] } = await aws.stacks.send(
      new ListStackInstancesCommand({
        StackSetName,
        StackInstanceAccount: accountId,
        Filters: [{ Name: 'DETAILED_STATUS', Values: 'SUCCEEDED' }],
      }),
    );
    expect(instances).toMatchObject([
      { Account: accountId, Status: 'CURRENT', StackId: expect.stringContaining(accountId) },
    ]);
    const { Summaries: operations = [] } = await aws.stacks.send(
      new ListStackSetOperationsCommand({ StackSetName }),
    );
    expect(operations.map(({ Status }) => Status)).toContain('SUCCEEDED');
    expect(operations[0]?.CreationTimestamp).toBeInstanceOf(Date);
  });

  it('answers in AWS’s own errors', async () => {
    await expect(aws.provision('bad-1', 'Bad Tenant')).rejects.toMatchObject({ name: 'ValidationException' });
    const strange = {
      ...provisionInput('bad-2', 'bad'),
      ProvisioningParameters: [{ Key: 'Colour', Value: 'red' }],
    };
    await expect(aws.catalog.send(new ProvisionProductCommand(strange))).rejects.toMatchObject({
      name: 'InvalidParametersException',
    });
    const nowhere = {
      StackSetName: world.stackSet,
      StackInstanceAccount: '000000000000',
      StackInstanceRegion: world.region,
    };
    await expect(aws.stacks.send(new DescribeStackInstanceCommand(nowhere))).rejects.toMatchObject({
      name: 'StackInstanceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    const byAccount = { StackSetName: world.stackSet, Accounts: ['000000000000'], Regions: [world.region] };
    await expect(aws.stacks.send(new CreateStackInstancesCommand(byAccount))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  it('keeps tenants apart', async () => {
    const one = (await aws.ended(await aws.provision('one-1', 'one'))).accountId;
    const two = (await aws.ended(await aws.provision('two-1', 'two'))).accountId;
    const keys = await until('the role', async () => {
      await aws.baseline(one);
      await aws.baseline(two);
      return aws.tenantKeys('one', one);
    });
    const { id } = await aws.domain('two', two);
    const sagemaker = new SageMakerClient(aws.settings(keys));
    await expect(sagemaker.send(new DescribeDomainCommand({ DomainId: id }))).rejects.toMatchObject({
      name: 'ResourceNotFound',
    });
    const { Domains = [] } = await sagemaker.send(new ListDomainsCommand({}));
    expect(Domains.map(({ DomainId }) => DomainId)).not.toContain(id);
    await expect(aws.tenantKeys('one', two)).rejects.toMatchObject({ name: 'AccessDenied' });
    const s3 = new S3Client({ ...aws.settings(keys), forcePathStyle: true });
    await expect(s3.send(new HeadBucketCommand({ Bucket: tenantBucket('two', two) }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    const portal = new SageMakerClient(aws.settings());
    await expect(portal.send(new ListDomainsCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

describe('faults over the wire', () => {
  it('account.vend: FAILED with the reason; a new token works once the product is gone', async () => {
    await aws.fault('account.vend', 'vend', 'The organization has reached its limit of accounts.');
    const failed = await aws.ended(await aws.provision('vend-1', 'vend'));
    expect(failed).toMatchObject({
      status: 'FAILED',
      reason: 'The organization has reached its limit of accounts.',
    });
    await expect(aws.provision('vend-2', 'vend')).rejects.toMatchObject({
      name: 'InvalidParametersException',
    });
    await aws.catalog.send(
      new TerminateProvisionedProductCommand({
        ProvisionedProductName: 'annex-vend',
        TerminateToken: 'vend-end',
      }),
    );
    await until('the product to go', () =>
      aws.catalog.send(new DescribeProvisionedProductCommand({ Name: 'annex-vend' })).then(
        () => false,
        (error: Error) => error.name === 'ResourceNotFoundException',
      ),
    );
    expect((await aws.ended(await aws.provision('vend-3', 'vend'))).status).toBe('SUCCEEDED');
  });

  it('baseline.fail and domain.fail: the reason shows, and CreateStackInstances repairs', async () => {
    await aws.fault('baseline.fail', 'stack', 'BucketAlreadyExists');
    await aws.fault('domain.fail', 'stack', 'No capacity');
    const { accountId } = await aws.ended(await aws.provision('stack-1', 'stack'));
    expect(await aws.baseline(accountId)).toBe('FAILED');
    await aws.stacks.send(new CreateStackInstancesCommand(repairInput(accountId, 'repair-1')));
    expect(await aws.baseline(accountId)).toBe('SUCCEEDED');
    const failed = await aws.domain('stack', accountId);
    expect(failed.status).toBe('Failed');
    await aws.stacks.send(new CreateStackInstancesCommand(repairInput(accountId, 'repair-2')));
    expect(await aws.baseline(accountId)).toBe('SUCCEEDED');
    const repaired = await aws.domain('stack', accountId);
    expect(repaired.status).toBe('InService');
    expect(repaired.id).not.toBe(failed.id);
  });

  it('account.event.lost, .duplicate and .late', async () => {
    await aws.fault('account.event.lost', 'lost');
    await aws.fault('account.event.duplicate', 'twice');
    await aws.fault('account.event.late', 'late');
    await aws.fault('domain.slow', 'late');
    const ids = await Promise.all(
      ['lost', 'twice', 'late'].map((tenant) => aws.provision(`${tenant}-1`, tenant)),
    );
    const [lost, twice, late] = await Promise.all(ids.map((id) => aws.ended(id)));
    for (const ended of [lost, twice, late]) await aws.baseline(ended?.accountId ?? '');
    await until('the late event', async () => (await eventsOf('late')).length === 1);
    expect((await aws.domain('late', late?.accountId ?? '')).status).toBe('InService');
    expect(await eventsOf('twice')).toHaveLength(2);
    expect(await eventsOf('lost')).toEqual([]);
  });
});

it('comes to the same end when it is stopped again and again', async () => {
  const recordId = await aws.provision('again-1', 'again');
  for (let stop = 0; stop < 5; stop += 1) await aws.restart();
  const { status, accountId } = await aws.ended(recordId);
  expect(status).toBe('SUCCEEDED');
  expect(await aws.provision('again-1', 'again')).toBe(recordId);
  expect(await aws.baseline(accountId)).toBe('SUCCEEDED');
  expect((await aws.domain('again', accountId)).status).toBe('InService');
  expect(new Set((await eventsOf('again')).map((body) => JSON.parse(body).id)).size).toBe(1);
});
