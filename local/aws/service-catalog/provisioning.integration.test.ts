import {
  CreateStackInstancesCommand,
  DescribeStackInstanceCommand,
  DescribeStackSetCommand,
  ListStackInstancesCommand,
  ListStackSetOperationsCommand,
  ListStackSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { DescribeDomainCommand, ListDomainsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import {
  DescribeProvisionedProductCommand,
  DescribeProvisioningParametersCommand,
  ProvisionProductCommand,
  SearchProductsCommand,
  TerminateProvisionedProductCommand,
} from '@aws-sdk/client-service-catalog';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsNames, tenantBucket } from '@/local/aws-names';
import { provisionInput, repairInput } from '../testing/fake-client';
import { clientConfig, s3Client, startTestAws, type TestAws, tenantKeys } from '../testing/test-aws';
import { until } from '../testing/until';
import { workbenchSteps } from '../testing/workbench-steps';

let aws: TestAws;
let portal: ReturnType<typeof workbenchSteps>;
beforeAll(async () => {
  aws = await startTestAws({ stepMs: 20 });
  portal = workbenchSteps(aws);
});
afterAll(() => aws.stop());

const eventsOf = async (tenantId: string): Promise<readonly string[]> =>
  (await portal.events()).filter((body) => body.includes(`annex-${tenantId}`));

describe('provisioning over the wire', () => {
  it('goes from the catalogue to a domain', async () => {
    const { ProductViewSummaries = [] } = await portal.catalog.send(
      new SearchProductsCommand({ Filters: { Owner: ['annex'] } }),
    );
    expect(ProductViewSummaries.map(({ Name }) => Name)).toEqual(['Workbench GPU', 'Workbench Standard']);
    const { ProductId, ProvisioningArtifactId } = provisionInput('any');
    const described = await portal.catalog.send(
      new DescribeProvisioningParametersCommand({ ProductId, ProvisioningArtifactId }),
    );
    expect(described.ProvisioningArtifactParameters).toHaveLength(7);

    const recordId = await portal.provision('foo-1', 'foo');
    expect(await portal.provision('foo-1', 'foo')).toBe(recordId);
    const { status, accountId } = await portal.ended(recordId);
    expect(status).toBe('SUCCEEDED');
    expect(accountId).toMatch(/^\d{12}$/);
    const [event = ''] = await until('the event', async () => {
      const events = await eventsOf('foo');
      return events.length > 0 && events;
    });
    expect(JSON.parse(event).detail.serviceEventDetails.createManagedAccountStatus.account.accountId).toBe(
      accountId,
    );
    expect(await portal.baseline(accountId)).toBe('SUCCEEDED');
    const { id, status: up } = await portal.domain('foo', accountId);
    expect(up).toBe('InService');

    const keys = await tenantKeys(aws, 'foo', accountId);
    const domain = await new SageMakerClient(clientConfig(aws, keys)).send(
      new DescribeDomainCommand({ DomainId: id }),
    );
    expect(domain).toMatchObject({ AuthMode: 'IAM', CreationTime: expect.any(Date) });
    const s3 = s3Client(aws, keys);
    await s3.send(
      new HeadBucketCommand({ Bucket: tenantBucket('foo', accountId), ExpectedBucketOwner: accountId }),
    );
    const product = await portal.catalog.send(new DescribeProvisionedProductCommand({ Name: 'annex-foo' }));
    expect(product.ProvisionedProductDetail).toMatchObject({
      Status: 'AVAILABLE',
      IdempotencyToken: 'foo-1',
    });
  });

  it('shows the stack set, its instances and operations', async () => {
    const { accountId } = await portal.ended(await portal.provision('view-1', 'view'));
    await portal.baseline(accountId);
    const StackSetName = awsNames.stackSet;
    const { Summaries: sets = [] } = await portal.stacks.send(new ListStackSetsCommand({ Status: 'ACTIVE' }));
    expect(sets).toMatchObject([{ StackSetName, AutoDeployment: { Enabled: true } }]);
    const { StackSet } = await portal.stacks.send(new DescribeStackSetCommand({ StackSetName }));
    expect(StackSet).toMatchObject({
      PermissionModel: 'SERVICE_MANAGED',
      OrganizationalUnitIds: [awsNames.mlOu],
    });
    const { Summaries: instances = [] } = await portal.stacks.send(
      new ListStackInstancesCommand({
        StackSetName,
        StackInstanceAccount: accountId,
        Filters: [{ Name: 'DETAILED_STATUS', Values: 'SUCCEEDED' }],
      }),
    );
    expect(instances).toMatchObject([
      { Account: accountId, Status: 'CURRENT', StackId: expect.stringContaining(accountId) },
    ]);
    const { Summaries: operations = [] } = await portal.stacks.send(
      new ListStackSetOperationsCommand({ StackSetName }),
    );
    expect(operations.map(({ Status }) => Status)).toContain('SUCCEEDED');
    expect(operations[0]?.CreationTimestamp).toBeInstanceOf(Date);
  });

  it('answers in AWS’s own errors', async () => {
    await expect(portal.provision('bad-1', 'Bad Tenant')).rejects.toMatchObject({
      name: 'ValidationException',
    });
    const strange = {
      ...provisionInput('bad-2', 'bad'),
      ProvisioningParameters: [{ Key: 'Colour', Value: 'red' }],
    };
    await expect(portal.catalog.send(new ProvisionProductCommand(strange))).rejects.toMatchObject({
      name: 'InvalidParametersException',
    });
    const nowhere = {
      StackSetName: awsNames.stackSet,
      StackInstanceAccount: '000000000000',
      StackInstanceRegion: awsNames.region,
    };
    await expect(portal.stacks.send(new DescribeStackInstanceCommand(nowhere))).rejects.toMatchObject({
      name: 'StackInstanceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    const byAccount = {
      StackSetName: awsNames.stackSet,
      Accounts: ['000000000000'],
      Regions: [awsNames.region],
    };
    await expect(portal.stacks.send(new CreateStackInstancesCommand(byAccount))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  it('keeps tenants apart', async () => {
    const one = (await portal.ended(await portal.provision('one-1', 'one'))).accountId;
    const two = (await portal.ended(await portal.provision('two-1', 'two'))).accountId;
    const keys = await until('the role', async () => {
      await portal.baseline(one);
      await portal.baseline(two);
      return tenantKeys(aws, 'one', one);
    });
    const { id } = await portal.domain('two', two);
    const sagemaker = new SageMakerClient(clientConfig(aws, keys));
    await expect(sagemaker.send(new DescribeDomainCommand({ DomainId: id }))).rejects.toMatchObject({
      name: 'ResourceNotFound',
    });
    const { Domains = [] } = await sagemaker.send(new ListDomainsCommand({}));
    expect(Domains.map(({ DomainId }) => DomainId)).not.toContain(id);
    await expect(tenantKeys(aws, 'one', two)).rejects.toMatchObject({ name: 'AccessDenied' });
    const s3 = s3Client(aws, keys);
    await expect(s3.send(new HeadBucketCommand({ Bucket: tenantBucket('two', two) }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    const outside = new SageMakerClient(clientConfig(aws, aws.portal));
    await expect(outside.send(new ListDomainsCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

describe('faults over the wire', () => {
  it('account.vend: FAILED with the reason; a new token works once the product is gone', async () => {
    await aws.fault('account.vend', 'vend', {
      message: 'The organization has reached its limit of accounts.',
    });
    const failed = await portal.ended(await portal.provision('vend-1', 'vend'));
    expect(failed).toMatchObject({
      status: 'FAILED',
      reason: 'The organization has reached its limit of accounts.',
    });
    await expect(portal.provision('vend-2', 'vend')).rejects.toMatchObject({
      name: 'InvalidParametersException',
    });
    await portal.catalog.send(
      new TerminateProvisionedProductCommand({
        ProvisionedProductName: 'annex-vend',
        TerminateToken: 'vend-end',
      }),
    );
    await until('the product to go', () =>
      portal.catalog.send(new DescribeProvisionedProductCommand({ Name: 'annex-vend' })).then(
        () => false,
        (error: Error) => error.name === 'ResourceNotFoundException',
      ),
    );
    expect((await portal.ended(await portal.provision('vend-3', 'vend'))).status).toBe('SUCCEEDED');
  });

  it('baseline.fail and domain.fail: the reason shows, and CreateStackInstances repairs', async () => {
    await aws.fault('baseline.fail', 'stack', { message: 'BucketAlreadyExists' });
    await aws.fault('domain.fail', 'stack', { message: 'No capacity' });
    const { accountId } = await portal.ended(await portal.provision('stack-1', 'stack'));
    expect(await portal.baseline(accountId)).toBe('FAILED');
    await portal.stacks.send(new CreateStackInstancesCommand(repairInput(accountId, 'repair-1')));
    expect(await portal.baseline(accountId)).toBe('SUCCEEDED');
    const failed = await portal.domain('stack', accountId);
    expect(failed.status).toBe('Failed');
    await portal.stacks.send(new CreateStackInstancesCommand(repairInput(accountId, 'repair-2')));
    expect(await portal.baseline(accountId)).toBe('SUCCEEDED');
    const repaired = await portal.domain('stack', accountId);
    expect(repaired.status).toBe('InService');
    expect(repaired.id).not.toBe(failed.id);
  });

  it('account.event.lost, .duplicate and .late', async () => {
    await aws.fault('account.event.lost', 'lost');
    await aws.fault('account.event.duplicate', 'twice');
    await aws.fault('account.event.late', 'late');
    await aws.fault('domain.slow', 'late');
    const ids = await Promise.all(
      ['lost', 'twice', 'late'].map((tenant) => portal.provision(`${tenant}-1`, tenant)),
    );
    const [lost, twice, late] = await Promise.all(ids.map((id) => portal.ended(id)));
    for (const ended of [lost, twice, late]) await portal.baseline(ended?.accountId ?? '');
    await until('the late event', async () => (await eventsOf('late')).length === 1);
    expect((await portal.domain('late', late?.accountId ?? '')).status).toBe('InService');
    expect(await eventsOf('twice')).toHaveLength(2);
    expect(await eventsOf('lost')).toEqual([]);
  });
});

it('comes to the same end when it is stopped again and again', async () => {
  const recordId = await portal.provision('again-1', 'again');
  for (let stop = 0; stop < 5; stop += 1) await aws.restart();
  const { status, accountId } = await portal.ended(recordId);
  expect(status).toBe('SUCCEEDED');
  expect(await portal.provision('again-1', 'again')).toBe(recordId);
  expect(await portal.baseline(accountId)).toBe('SUCCEEDED');
  expect((await portal.domain('again', accountId)).status).toBe('InService');
  expect(new Set((await eventsOf('again')).map((body) => JSON.parse(body).id)).size).toBe(1);
});
