import type { Caller } from '../../local/aws/core/service';
import { glueJobArn, mailIdentityArn, tableArn } from '../../local/aws/iam/arns';
import { sageMakerPrincipal } from '../../local/aws/iam/policies';
import {
  awsNames,
  doctorRoleArn,
  extractJobRoleArn,
  pooledRoleArn,
  portalRoleArn,
  siloRoleArn,
} from '../../local/aws-names';

export interface Owner {
  readonly id: string;
  readonly account: string;
}
export const own: Owner = { id: 'foo', account: '222222222222' };
export const other: Owner = { id: 'bar', account: '333333333333' };
export const owners = { own, other } as const;

const session = (account: string, role: string, arn: string, tagged: boolean): Caller => ({
  accountId: account,
  arn: `arn:aws:sts::${account}:assumed-role/${role}/s`,
  roleArn: arn,
  tags: tagged ? { TenantId: own.id } : {},
});
const silo = (tagged: boolean) => session(own.account, awsNames.tenantRole, siloRoleArn(own.account), tagged);
const pooled = (tagged: boolean) =>
  session(awsNames.portalAccountId, awsNames.tenantRole, pooledRoleArn, tagged);

/** Everybody who signs calls to AWS, seen from the tenant `own`. */
export const callers = {
  portal: { accountId: awsNames.portalAccountId, arn: portalRoleArn, roleArn: portalRoleArn, tags: {} },
  'extract job': session(awsNames.portalAccountId, awsNames.extractJobRole, extractJobRoleArn, false),
  'pooled session': pooled(true),
  'pooled session without a tag': pooled(false),
  'session in the account': silo(true),
  'session in the account without a tag': silo(false),
  'doctor in the account': session(own.account, awsNames.doctorRole, doctorRoleArn(own.account), false),
  'session of another organization': { ...silo(true), organizationId: 'o-other' },
} as const satisfies Record<string, Caller>;
export type CallerName = keyof typeof callers;

export interface Kind {
  readonly actions: readonly string[];
  /** The resource of `owner`, with the condition keys that its service sends. */
  readonly of: (owner: Owner) => {
    readonly resource: string;
    readonly context?: Readonly<Record<string, string | readonly string[]>>;
  };
}

const items = (table: string, keys: (owner: Owner) => readonly string[] | null): Kind => ({
  actions: [
    'GetItem',
    'BatchGetItem',
    'Query',
    'PutItem',
    'UpdateItem',
    'DeleteItem',
    'BatchWriteItem',
    'ConditionCheckItem',
    'Scan',
  ].map((name) => `dynamodb:${name}`),
  of: (owner) => {
    const leading = keys(owner);
    return { resource: tableArn(table), context: leading ? { 'dynamodb:LeadingKeys': leading } : {} };
  },
});
const partition = (owner: Owner) => [`TENANT#${owner.id}`];
const inPortal = (service: string, rest: string) =>
  `arn:aws:${service}:${awsNames.region}:${awsNames.portalAccountId}:${rest}`;
const always = (resource: string) => () => ({ resource });

/** Kinds of resources with the actions on them. Calls of the product are checked against this list. */
export const kinds: Readonly<Record<string, Kind>> = {
  'bucket and objects': {
    actions: [
      'ListBucket',
      'ListBucketMultipartUploads',
      'ListMultipartUploadParts',
      'AbortMultipartUpload',
      'GetObject',
      'PutObject',
      'DeleteObject',
      'DeleteBucket',
    ].map((name) => `s3:${name}`),
    of: ({ id, account }) => ({
      resource: `arn:aws:s3:::annex-${id}-${account}/extracts/data.csv`,
      context: { 'aws:ResourceAccount': account },
    }),
  },
  'names of buckets': {
    actions: ['s3:ListAllMyBuckets'],
    of: ({ account }) => ({ resource: '*', context: { 'aws:ResourceAccount': account } }),
  },
  'models, endpoints, training jobs, Studio': {
    actions: [
      'CreateEndpoint',
      'CreateEndpointConfig',
      'CreateModel',
      'CreateTrainingJob',
      'CreateUserProfile',
      'CreatePresignedDomainUrl',
      'DescribeDomain',
      'UpdateDomain',
      'ListApps',
      'DescribeApp',
      'DeleteApp',
      'DescribeSpace',
      'ListSpaces',
      'DescribeUserProfile',
      'DescribeEndpoint',
      'DescribeEndpointConfig',
      'DescribeModel',
      'DescribeTrainingJob',
      'InvokeEndpoint',
      'UpdateEndpoint',
      'DeleteEndpoint',
      'ListDomains',
      'ListUserProfiles',
      'ListEndpoints',
      'ListEndpointConfigs',
      'ListModels',
      'ListTrainingJobs',
      'ListTags',
    ].map((name) => `sagemaker:${name}`),
    of: ({ account }) => ({ resource: `arn:aws:sagemaker:${awsNames.region}:${account}:endpoint/churn` }),
  },
  'role of the account, for SageMaker': {
    actions: ['iam:PassRole'],
    of: ({ account }) => ({
      resource: siloRoleArn(account),
      context: { 'iam:PassedToService': sageMakerPrincipal },
    }),
  },
  'metrics of the caller’s account': {
    actions: ['GetMetricData', 'GetMetricStatistics', 'ListMetrics', 'PutMetricData'].map(
      (name) => `cloudwatch:${name}`,
    ),
    of: always('*'),
  },
  'workbench records': items(awsNames.workbenchTable, partition),
  'workbench records of both tenants': items(awsNames.workbenchTable, () => [
    ...partition(own),
    ...partition(other),
  ]),
  'workbench records, unknown whose': items(awsNames.workbenchTable, () => null),
  'extract records': items(awsNames.extractsTable, partition),
  'extract records of both tenants': items(awsNames.extractsTable, () => [
    ...partition(own),
    ...partition(other),
  ]),
  'extract records, unknown whose': items(awsNames.extractsTable, () => null),
  'index of open workbenches': {
    actions: ['dynamodb:Query'],
    of: always(`${tableArn(awsNames.workbenchTable)}/index/open`),
  },
  'index of open extracts': {
    actions: ['dynamodb:Query'],
    of: always(`${tableArn(awsNames.extractsTable)}/index/open`),
  },
  'descriptions of tables': {
    actions: ['dynamodb:DescribeTable', 'dynamodb:DescribeTimeToLive', 'dynamodb:ListTables'],
    of: always(tableArn(awsNames.workbenchTable)),
  },
  'the extract job': {
    actions: ['StartJobRun', 'GetJob', 'GetJobRun', 'GetJobRuns', 'BatchStopJobRun'].map(
      (name) => `glue:${name}`,
    ),
    of: always(glueJobArn(awsNames.extractJob)),
  },
  queues: {
    actions: [
      'SendMessage',
      'ReceiveMessage',
      'DeleteMessage',
      'ChangeMessageVisibility',
      'GetQueueAttributes',
      'GetQueueUrl',
      'StartMessageMoveTask',
    ].map((name) => `sqs:${name}`),
    of: always(inPortal('sqs', awsNames.jobsQueue)),
  },
  'vending of accounts': {
    actions: [
      'DescribeProduct',
      'DescribeProvisionedProduct',
      'DescribeProvisioningParameters',
      'DescribeRecord',
      'ProvisionProduct',
      'SearchProducts',
      'SearchProvisionedProducts',
      'TerminateProvisionedProduct',
      'UpdateProvisionedProduct',
    ].map((name) => `servicecatalog:${name}`),
    of: always('*'),
  },
  baseline: {
    actions: [
      'DescribeStackInstance',
      'ListStackInstances',
      'CreateStackInstances',
      'UpdateStackInstances',
    ].map((name) => `cloudformation:${name}`),
    of: always('*'),
  },
  'people of the pool': {
    actions: [
      'AdminCreateUser',
      'AdminSetUserPassword',
      'AdminAddUserToGroup',
      'AdminRemoveUserFromGroup',
      'AdminDeleteUser',
      'AdminDisableUser',
      'AdminEnableUser',
      'AdminGetUser',
      'AdminUpdateUserAttributes',
      'AdminUserGlobalSignOut',
      'AdminListGroupsForUser',
      'DescribeUserPool',
    ].map((name) => `cognito-idp:${name}`),
    of: always(inPortal('cognito-idp', `userpool/${awsNames.userPoolId}`)),
  },
  'trust of roles': {
    actions: ['iam:GetRole'],
    of: ({ account }) => ({ resource: siloRoleArn(account) }),
  },
  'quotas of the account': {
    actions: ['servicequotas:GetServiceQuota'],
    of: ({ account }) => ({
      resource: `arn:aws:servicequotas:${awsNames.region}:${account}:sagemaker/L-7A3DF611`,
    }),
  },
  'the bill of every account': {
    actions: ['ce:GetCostAndUsage'],
    of: always(`arn:aws:ce:us-east-1:${awsNames.portalAccountId}:/GetCostAndUsage`),
  },
  mail: { actions: ['ses:SendEmail'], of: always(mailIdentityArn(awsNames.mailFrom)) },
};

/**
 * What each caller may do with each kind: `own`, `own and other` or, where that is not all of the actions, their names.
 * What is not here is refused. Where the resource belongs to no tenant, both are the same.
 */
export const expectedAccess: Readonly<Record<string, Partial<Record<CallerName, string>>>> = {
  'bucket and objects': siloOnly('own'),
  'names of buckets': siloOnly('own'),
  'models, endpoints, training jobs, Studio': siloOnly('own'),
  'role of the account, for SageMaker': siloOnly('own'),
  // The age of messages in the portal's own queues.
  'metrics of the caller’s account': { ...siloOnly('yes'), portal: 'yes: GetMetricData' },
  'workbench records': {
    // The admin page shows how far each workbench is.
    portal: 'own and other: GetItem, Query, Scan',
    'pooled session': 'own: all but Scan',
    'session in the account': 'own: GetItem, BatchGetItem, Query',
  },
  'workbench records of both tenants': { portal: 'yes: GetItem, Query, Scan' },
  'workbench records, unknown whose': { portal: 'yes: GetItem, Query, Scan' },
  'extract records': {
    'pooled session': 'own: all but Scan',
    'session in the account': 'own: GetItem, BatchGetItem, Query',
  },
  'extract records of both tenants': {},
  'extract records, unknown whose': {},
  'index of open workbenches': { portal: 'yes' },
  'index of open extracts': { portal: 'yes' },
  'descriptions of tables': { portal: 'yes' },
  'the extract job': { portal: 'yes: GetJob', 'pooled session': 'yes' },
  queues: { portal: 'yes' },
  'vending of accounts': { portal: 'yes' },
  baseline: { portal: 'yes' },
  'people of the pool': { portal: 'yes' },
  'trust of roles': { 'doctor in the account': 'own' },
  'quotas of the account': siloOnly('own'),
  'the bill of every account': { portal: 'yes' },
  mail: { portal: 'yes' },
};

function siloOnly(what: string): Partial<Record<CallerName, string>> {
  return {
    'session in the account': what,
    'session in the account without a tag': what,
    'session of another organization': what,
  };
}

/** Each way in which a role is assumed: the two halves always name one tenant. */
export const expectedTrust: readonly string[] = [
  'extract job → annex-tenant of bar (annex-bar, bar)',
  'extract job → annex-tenant of foo (annex-foo, foo)',
  // It asks for no external id, and takes no tag.
  'portal → annex-tenant-doctor of bar (annex-bar, null)',
  'portal → annex-tenant-doctor of bar (annex-foo, null)',
  'portal → annex-tenant-doctor of bar (null, null)',
  'portal → annex-tenant-doctor of foo (annex-bar, null)',
  'portal → annex-tenant-doctor of foo (annex-foo, null)',
  'portal → annex-tenant-doctor of foo (null, null)',
  'portal → annex-tenant of bar (annex-bar, bar)',
  'portal → annex-tenant of foo (annex-foo, foo)',
  'portal → annex-tenant of the portal’s account (annex-bar, bar)',
  'portal → annex-tenant of the portal’s account (annex-foo, foo)',
];
