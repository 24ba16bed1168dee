import type { DescribeStackSetOperationOutput } from '@aws-sdk/client-cloudformation';
import type {
  DescribeProvisionedProductOutput,
  TerminateProvisionedProductOutput,
} from '@aws-sdk/client-service-catalog';
import { beforeEach, describe, expect, it } from 'vitest';
import { extractJobRoleArn } from '@/local/aws-names';
import { createFakeClient, type FakeClient } from '../testing/fake-client';
import { type FakeStandIn, fakeStandIn, portal, tenantCaller } from '../testing/fake-stand-in';

let fake: FakeStandIn;
let client: FakeClient;
beforeEach(() => {
  fake = fakeStandIn();
  client = createFakeClient(fake);
});

const detail = (body: string | undefined) => JSON.parse(body ?? '{}').detail;

describe('provisioning', () => {
  it('vends an account, announces it, makes the baseline and the domain', async () => {
    const { RecordId, Status } = await client.provision('token-1');
    expect(Status).toBe('CREATED');
    await fake.settle(1);
    expect((await client.record(RecordId)).Status).toBe('IN_PROGRESS');
    await fake.settle();
    const { Status: end, accountId } = await client.record(RecordId);
    expect(end).toBe('SUCCEEDED');
    expect(accountId).toMatch(/^\d{12}$/);
    expect(detail(fake.kept.events[0]).serviceEventDetails.createManagedAccountStatus).toMatchObject({
      account: { accountId, accountName: 'annex-foo' },
      state: 'SUCCEEDED',
    });
    expect(await client.instance(accountId))?.toMatchObject({
      Status: 'CURRENT',
      StackInstanceStatus: { DetailedStatus: 'SUCCEEDED' },
    });
    expect(fake.kept.buckets.get(`annex-foo-${accountId}`)).toBe(accountId);
    expect(fake.kept.roles.get(`arn:aws:iam::${accountId}:role/annex-tenant`)?.trust).toEqual({
      principals: [portal.roleArn, extractJobRoleArn, 'sagemaker.amazonaws.com'],
      externalId: 'annex-foo',
      requestTags: { TenantId: 'foo' },
    });
    expect(await client.domain(accountId))?.toMatchObject({ Status: 'InService', DomainName: 'annex-foo' });
  });

  it('shows the instance and the domain on their way', async () => {
    const { RecordId } = await client.provision('token-1');
    // begin, vend
    await fake.settle(2);
    const { accountId } = await client.record(RecordId);
    expect(await client.instance(accountId))?.toMatchObject({
      Status: 'OUTDATED',
      StackInstanceStatus: { DetailedStatus: 'PENDING' },
    });
    // announce, run
    await fake.settle(2);
    expect(await client.instance(accountId))?.toMatchObject({
      Status: 'OUTDATED',
      StackInstanceStatus: { DetailedStatus: 'RUNNING' },
    });
    await fake.settle(1);
    expect((await client.domain(accountId))?.Status).toBe('Pending');
    await fake.settle(1);
    expect((await client.domain(accountId))?.Status).toBe('InService');
  });

  it('makes one account for one token, and refuses the token for another request', async () => {
    const [first, second] = await Promise.all([client.provision('token-1'), client.provision('token-1')]);
    await fake.settle();
    expect(second.RecordId).toBe(first.RecordId);
    expect((await client.provision('token-1')).RecordId).toBe(first.RecordId);
    await fake.settle();
    expect(fake.kept.events).toHaveLength(1);
    expect(
      [...fake.kept.documents.keys()].filter((key) => key.startsWith('organizations.accounts')),
    ).toHaveLength(1);
    await expect(client.provision('token-1', 'bar')).rejects.toMatchObject({
      code: 'InvalidParametersException',
    });
  });

  it('gives every tenant an account of its own', async () => {
    expect(await client.accountOf('token-1', 'foo')).not.toBe(await client.accountOf('token-2', 'bar'));
  });

  it.each([
    ['an unknown key', { Colour: 'red' }, /Colour.*do not exist/],
    ['a value that is not allowed', { InstanceType: 'ml.p5.48xlarge' }, /InstanceType.*AllowedValues/],
    ['a malformed e-mail address', { AccountEmail: 'nobody' }, /AccountEmail/],
    ['a malformed tenant', { TenantId: 'Foo!' }, /TenantId/],
  ])('refuses %s', async (_, changed, message) => {
    await expect(client.provision('token-1', 'foo', changed)).rejects.toMatchObject({
      code: 'InvalidParametersException',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a name that is taken', async () => {
    await client.accountOf('token-1');
    await expect(client.provision('token-2')).rejects.toMatchObject({
      code: 'InvalidParametersException',
      message: 'A stack named annex-foo already exists.',
    });
  });

  it('fails for an organizational unit or an e-mail address that Control Tower cannot take', async () => {
    const { RecordId } = await client.provision('token-1', 'foo', { ManagedOrganizationalUnit: 'Sandbox' });
    await fake.settle();
    const failed = await client.record(RecordId);
    expect(failed).toMatchObject({ Status: 'FAILED' });
    expect(failed.RecordErrors?.[0]?.Description).toContain('Sandbox');
    await client.accountOf('token-2', 'bar');
    const other = await client.provision('token-3', 'baz', { AccountEmail: 'annex+bar@example.com' });
    await fake.settle();
    expect((await client.record(other.RecordId)).RecordErrors?.[0]?.Description).toContain('in use');
  });
});

describe('faults', () => {
  it('fails to vend, says so, and works with a new token after the product was terminated', async () => {
    fake.fault('account.vend', 'foo', 'The organization has reached its limit of accounts.');
    const { RecordId } = await client.provision('token-1');
    await fake.settle();
    const failed = await client.record(RecordId);
    expect(failed).toMatchObject({
      Status: 'FAILED',
      RecordErrors: [{ Description: expect.stringContaining('limit') }],
    });
    const status = detail(fake.kept.events[0]).serviceEventDetails.createManagedAccountStatus;
    expect(status).toMatchObject({ state: 'FAILED', message: expect.stringContaining('limit') });
    const described = await fake.call<DescribeProvisionedProductOutput>(
      'servicecatalog',
      'DescribeProvisionedProduct',
      {
        Name: 'annex-foo',
      },
    );
    expect(described.ProvisionedProductDetail).toMatchObject({ Status: 'ERROR', LastRecordId: RecordId });
    const ended = await fake.call<TerminateProvisionedProductOutput>(
      'servicecatalog',
      'TerminateProvisionedProduct',
      {
        ProvisionedProductName: 'annex-foo',
        TerminateToken: 'end-1',
      },
    );
    await fake.settle();
    expect((await client.record(ended.RecordDetail?.RecordId ?? '')).Status).toBe('SUCCEEDED');
    expect(await client.domain(await client.accountOf('token-2'))).toMatchObject({ Status: 'InService' });
  });

  it('loses the event; everything else comes to its end', async () => {
    fake.fault('account.event.lost', 'foo');
    expect((await client.domain(await client.accountOf('token-1')))?.Status).toBe('InService');
    expect(fake.kept.events).toEqual([]);
  });

  it('doubles the event, with the same id', async () => {
    fake.fault('account.event.duplicate', 'foo');
    await client.accountOf('token-1');
    expect(fake.kept.events).toHaveLength(2);
    expect(new Set(fake.kept.events.map((body) => JSON.parse(body).id)).size).toBe(1);
  });

  it('delivers the event after the domain is up', async () => {
    fake.fault('account.event.late', 'foo');
    const { RecordId } = await client.provision('token-1');
    for (let run = 0; run < 50 && fake.kept.events.length === 0; run += 1) await fake.settle(1);
    const { accountId } = await client.record(RecordId);
    expect(fake.kept.events).toHaveLength(1);
    expect((await client.domain(accountId))?.Status).toBe('InService');
  });

  it('fails the baseline, and repairs it by CreateStackInstances', async () => {
    fake.fault('baseline.fail', 'foo', 'BucketAlreadyExists');
    const accountId = await client.accountOf('token-1');
    expect(await client.instance(accountId))?.toMatchObject({
      Status: 'OUTDATED',
      StackInstanceStatus: { DetailedStatus: 'FAILED' },
      StatusReason: expect.stringContaining('BucketAlreadyExists'),
    });
    expect(await client.domain(accountId))?.toBeUndefined();
    await client.repair(accountId, 'again-1');
    await client.repair(accountId, 'again-1');
    await fake.settle();
    expect(await client.instance(accountId))?.toMatchObject({
      Status: 'CURRENT',
      LastOperationId: 'again-1',
    });
    expect((await client.domain(accountId))?.Status).toBe('InService');
    const operation = { StackSetName: 'annex-ml-baseline', OperationId: 'again-1' };
    const described = await fake.call<DescribeStackSetOperationOutput>(
      'cloudformation',
      'DescribeStackSetOperation',
      operation,
    );
    expect(described.StackSetOperation).toMatchObject({ Status: 'SUCCEEDED', Action: 'CREATE' });
  });

  it('fails the domain, and makes another by CreateStackInstances', async () => {
    fake.fault('domain.fail', 'foo', 'No capacity for the requested instance type.');
    const accountId = await client.accountOf('token-1');
    const failed = await client.domain(accountId);
    const described = await fake.call(
      'sagemaker',
      'DescribeDomain',
      { DomainId: failed?.DomainId },
      tenantCaller(accountId, 'foo'),
    );
    expect(described).toMatchObject({ Status: 'Failed', FailureReason: expect.stringContaining('capacity') });
    await client.repair(accountId, 'again-1');
    await fake.settle();
    expect(await client.domain(accountId))?.toMatchObject({ Status: 'InService' });
    expect((await client.domain(accountId))?.DomainId).not.toBe(failed?.DomainId);
  });

  it('keeps a domain that is up when the baseline is repaired', async () => {
    const accountId = await client.accountOf('token-1');
    const before = await client.domain(accountId);
    await client.repair(accountId, 'again-1');
    await fake.settle();
    expect((await client.domain(accountId))?.DomainId).toBe(before?.DomainId);
  });
});
