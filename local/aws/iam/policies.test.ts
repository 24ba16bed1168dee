import { describe, expect, test } from 'vitest';
import { awsNames, extractJobRoleArn, pooledRoleArn, portalRoleArn, siloRoleArn } from '@/local/aws-names';
import type { Caller, StateStore } from '../core/service';
import { glueJobArn, mailIdentityArn, tableArn } from './arns';
import { pooledTenantRole, tenantAccountRole } from './policies';
import { IamStore } from './store';
import { trusts } from './sts';

const nothing: StateStore = {
  get: async () => undefined,
  put: async () => undefined,
  delete: async () => undefined,
  list: async () => [],
};
const fooAccount = '222222222222';
const barAccount = '333333333333';

const portal: Caller = {
  accountId: awsNames.portalAccountId,
  arn: portalRoleArn,
  roleArn: portalRoleArn,
  tags: {},
};
const session = (accountId: string, roleArn: string, tags: Record<string, string>): Caller => ({
  accountId,
  arn: `arn:aws:sts::${accountId}:assumed-role/${awsNames.tenantRole}/s`,
  roleArn,
  tags,
});
const pooled = session(awsNames.portalAccountId, pooledRoleArn, { TenantId: 'foo' });
const silo = session(fooAccount, siloRoleArn(fooAccount), { TenantId: 'foo' });

async function iamStore(): Promise<IamStore> {
  const iam = new IamStore(nothing);
  await iam.load();
  await iam.putRole(tenantAccountRole('foo', fooAccount));
  await iam.putRole(tenantAccountRole('bar', barAccount));
  return iam;
}

const extractJob: Caller = {
  accountId: awsNames.portalAccountId,
  arn: `arn:aws:sts::${awsNames.portalAccountId}:assumed-role/${awsNames.extractJobRole}/jr`,
  roleArn: extractJobRoleArn,
  tags: {},
};

const table = tableArn(awsNames.workbenchTable);
const extracts = tableArn(awsNames.extractsTable);
const job = glueJobArn(awsNames.extractJob);
const keys = (...values: string[]) => ({ 'dynamodb:LeadingKeys': values });
const own = { 'aws:ResourceAccount': fooAccount };
const other = { 'aws:ResourceAccount': barAccount };

const ofSageMaker = (accountId: string, resource: string) =>
  `arn:aws:sagemaker:${awsNames.region}:${accountId}:${resource}`;

type Case = [string, Caller, string, string, Record<string, string | string[]>?];
const allowed: Case[] = [
  ['portal vends', portal, 'servicecatalog:ProvisionProduct', '*'],
  ['portal repairs the baseline', portal, 'cloudformation:CreateStackInstances', '*'],
  [
    'portal reads its queue',
    portal,
    'sqs:ReceiveMessage',
    `arn:aws:sqs:${awsNames.region}:${awsNames.portalAccountId}:annex-jobs`,
  ],
  ...['ResolveCustomer', 'GetEntitlements', 'BatchMeterUsage'].map(
    (name): Case => ['portal asks AWS Marketplace', portal, `aws-marketplace:${name}`, '*'],
  ),
  [
    'silo session describes what a seller has packed, where the agreement consents',
    silo,
    'sagemaker:DescribeModelPackage',
    ofSageMaker(awsNames.portalAccountId, 'model-package/churn-30-days/1'),
    own,
  ],
  ['silo session hosts a model', silo, 'sagemaker:CreateModel', ofSageMaker(fooAccount, 'model/sold')],
  ['portal sends mail', portal, 'ses:SendEmail', mailIdentityArn(awsNames.mailFrom)],
  ['portal queries the open extracts', portal, 'dynamodb:Query', `${extracts}/index/open`, keys('open')],
  ['portal reads how far a workbench is', portal, 'dynamodb:Query', table, keys('TENANT#foo')],
  ['portal queries the open index', portal, 'dynamodb:Query', `${table}/index/open`, keys('open')],
  ['pooled session reads its item', pooled, 'dynamodb:GetItem', table, keys('TENANT#foo')],
  ['pooled session writes several', pooled, 'dynamodb:BatchWriteItem', table, keys('TENANT#foo')],
  ['pooled session starts an extract', pooled, 'glue:StartJobRun', job],
  ['pooled session stops an extract', pooled, 'glue:BatchStopJobRun', job],
  ['portal reads the extract job', portal, 'glue:GetJob', job],
  ['silo session reads its item', silo, 'dynamodb:Query', table, keys('TENANT#foo')],
  ['silo session uses its bucket', silo, 's3:GetObject', 'arn:aws:s3:::annex-foo/x', own],
  [
    'silo session uses its domain',
    silo,
    'sagemaker:DescribeDomain',
    `arn:aws:sagemaker:us-east-1:${fooAccount}:domain/d-1`,
  ],
];
const refused: Case[] = [
  ['portal reads a tenant bucket', portal, 's3:GetObject', 'arn:aws:s3:::annex-foo/x', own],
  [
    'portal uses a tenant domain',
    portal,
    'sagemaker:DescribeDomain',
    `arn:aws:sagemaker:us-east-1:${fooAccount}:domain/d-1`,
  ],
  [
    'portal uses a queue that is not Annex',
    portal,
    'sqs:SendMessage',
    `arn:aws:sqs:${awsNames.region}:${awsNames.portalAccountId}:billing`,
  ],
  ...[pooled, silo, extractJob].flatMap((caller) =>
    [
      'aws-marketplace:ResolveCustomer',
      'aws-marketplace:GetEntitlements',
      'aws-marketplace:BatchMeterUsage',
    ].map((action): Case => [`${caller.roleArn} calls ${action}`, caller, action, '*']),
  ),
  ...[portal, pooled, extractJob].map(
    (caller): Case => [
      `${caller.roleArn} describes a model package`,
      caller,
      'sagemaker:DescribeModelPackage',
      ofSageMaker(awsNames.portalAccountId, 'model-package/churn-30-days/1'),
    ],
  ),
  ['silo session hosts elsewhere', silo, 'sagemaker:CreateModel', ofSageMaker(barAccount, 'model/sold')],
  [
    'silo session changes a model package of a seller',
    silo,
    'sagemaker:UpdateModelPackage',
    ofSageMaker(awsNames.portalAccountId, 'model-package/churn-30-days/1'),
  ],
  ['portal sends raw mail', portal, 'ses:SendRawEmail', mailIdentityArn(awsNames.mailFrom)],
  ['pooled session sends mail', pooled, 'ses:SendEmail', mailIdentityArn(awsNames.mailFrom)],
  ['silo session sends mail', silo, 'ses:SendEmail', mailIdentityArn(awsNames.mailFrom)],
  ['extract job sends mail', extractJob, 'ses:SendEmail', mailIdentityArn(awsNames.mailFrom)],
  ['portal reads an extract', portal, 'dynamodb:GetItem', extracts, keys('TENANT#foo')],
  ['portal lists the extracts of a tenant', portal, 'dynamodb:Query', extracts, keys('TENANT#foo')],
  ['portal scans extracts', portal, 'dynamodb:Scan', extracts],
  ['portal writes an extract', portal, 'dynamodb:PutItem', extracts, keys('TENANT#foo')],
  ['portal writes a workbench', portal, 'dynamodb:PutItem', table, keys('TENANT#foo')],
  ['portal changes a workbench', portal, 'dynamodb:UpdateItem', table, keys('TENANT#foo')],
  ['portal deletes a workbench', portal, 'dynamodb:DeleteItem', table, keys('TENANT#foo')],
  ['pooled session reads another tenant', pooled, 'dynamodb:GetItem', table, keys('TENANT#bar')],
  ['pooled session reads both', pooled, 'dynamodb:BatchGetItem', table, keys('TENANT#foo', 'TENANT#bar')],
  ['pooled session reads unknown keys', pooled, 'dynamodb:Query', table],
  ['pooled session scans', pooled, 'dynamodb:Scan', table],
  ['pooled session reads an index', pooled, 'dynamodb:Query', `${table}/index/open`, keys('TENANT#foo')],
  ['pooled session assumes on', pooled, 'sts:AssumeRole', siloRoleArn(barAccount)],
  ['pooled session starts another job', pooled, 'glue:StartJobRun', glueJobArn('billing')],
  ['untagged session starts an extract', { ...pooled, tags: {} }, 'glue:StartJobRun', job],
  ['silo session starts an extract', silo, 'glue:StartJobRun', job],
  ['portal starts an extract', portal, 'glue:StartJobRun', job],
  ['portal reads arguments of runs', portal, 'glue:GetJobRuns', job],
  ['extract job reads a bucket', extractJob, 's3:GetObject', 'arn:aws:s3:::annex-foo/x', own],
  ['extract job reads items', extractJob, 'dynamodb:GetItem', table, keys('TENANT#foo')],
  ['pooled session vends', pooled, 'servicecatalog:ProvisionProduct', '*'],
  ['untagged session', { ...pooled, tags: {} }, 'dynamodb:GetItem', table, keys('TENANT#')],
  ['silo session reads another tenant', silo, 'dynamodb:GetItem', table, keys('TENANT#bar')],
  [
    'silo session of another organization',
    { ...silo, organizationId: 'o-other' },
    'dynamodb:GetItem',
    table,
    keys('TENANT#foo'),
  ],
  // What is open is counted and swept for all tenants together: a forged record would stop the extracts of others.
  ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'ConditionCheckItem'].map(
    (name): Case => ['silo session writes its item', silo, `dynamodb:${name}`, extracts, keys('TENANT#foo')],
  ),
  ['silo session of no tag', { ...silo, tags: {} }, 'dynamodb:GetItem', table, keys('TENANT#foo')],
  ['silo session uses another bucket', silo, 's3:GetObject', 'arn:aws:s3:::annex-bar/x', other],
  [
    'silo session uses another domain',
    silo,
    'sagemaker:DescribeDomain',
    `arn:aws:sagemaker:us-east-1:${barAccount}:domain/d-1`,
  ],
  [
    'silo session reads the queues',
    silo,
    'sqs:ReceiveMessage',
    `arn:aws:sqs:${awsNames.region}:${awsNames.portalAccountId}:annex-jobs`,
  ],
  [
    'a role that is gone',
    { ...silo, roleArn: siloRoleArn('999999999999') },
    's3:GetObject',
    'arn:aws:s3:::annex-foo/x',
    own,
  ],
];

test.each(allowed)('allows: %s', async (_, caller, action, resource, context) => {
  const iam = await iamStore();
  expect(() => iam.authorize(caller, action, resource, context)).not.toThrow();
});

test.each(refused)('refuses: %s', async (_, caller, action, resource, context) => {
  const iam = await iamStore();
  expect(() => iam.authorize(caller, action, resource, context)).toThrow(/is not authorized to perform/);
});

describe('trust', () => {
  const role = tenantAccountRole('foo', fooAccount);
  const asked = { externalId: 'annex-foo', tags: { TenantId: 'foo' } };

  test('of a tenant account role: that tenant alone', () => {
    expect(trusts(role, portal, asked)).toBe(true);
    expect(trusts(role, portal, { ...asked, externalId: null })).toBe(false);
    expect(trusts(role, portal, { ...asked, externalId: 'annex-bar' })).toBe(false);
    expect(trusts(role, portal, { ...asked, tags: {} })).toBe(false);
    expect(trusts(role, portal, { ...asked, tags: { TenantId: 'bar' } })).toBe(false);
    expect(trusts(role, portal, { ...asked, tags: { TenantId: 'foo', Admin: 'yes' } })).toBe(false);
    expect(trusts(role, silo, asked)).toBe(false);
    expect(trusts(role, extractJob, asked)).toBe(true);
    expect(trusts(role, extractJob, { ...asked, tags: { TenantId: 'bar' } })).toBe(false);
  });

  test('of the pooled role: the external id has to be that of the tag', () => {
    expect(trusts(pooledTenantRole, portal, asked)).toBe(true);
    expect(trusts(pooledTenantRole, portal, { externalId: 'annex-bar', tags: { TenantId: 'bar' } })).toBe(
      true,
    );
    expect(trusts(pooledTenantRole, portal, { externalId: 'annex-bar', tags: { TenantId: 'foo' } })).toBe(
      false,
    );
    expect(trusts(pooledTenantRole, portal, { externalId: 'annex-', tags: { TenantId: '' } })).toBe(false);
    expect(trusts(pooledTenantRole, pooled, asked)).toBe(false);
    expect(trusts(pooledTenantRole, extractJob, asked)).toBe(false);
  });
});

test('a start brings roles of an earlier template up to date, and keeps their external id', async () => {
  const earlier = tenantAccountRole('foo', fooAccount);
  const old = {
    ...earlier,
    trust: { ...earlier.trust, principals: [], externalId: 'of-its-own' },
    policies: [],
  };
  const iam = new IamStore({ ...nothing, list: async <T>() => [[old.arn, old as T] as const] });
  await iam.load();
  expect(iam.role(old.arn)).toEqual({ ...earlier, trust: { ...earlier.trust, externalId: 'of-its-own' } });
});
