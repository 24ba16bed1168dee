import { externalId, pooledRoleArn, portalRoleArn, siloRoleArn, world } from '../world';
import type { ResourcePolicy } from './iam/evaluate';
import type { IamRole, PolicyDocument, PolicyStatement } from './service';

/** Tables whose items belong to tenants: the partition key is `TENANT#<tenant id>`. */
export const tenantTables = [world.workbenchTable, 'annex-extracts'] as const;

/** ARN of a table in the portal's account. */
export const tableArn = (table: string): string =>
  `arn:aws:dynamodb:${world.region}:${world.portalAccountId}:table/${table}`;

const queueArn = (name: string): string => `arn:aws:sqs:${world.region}:${world.portalAccountId}:${name}`;

/** An IAM policy variable: `${name}` in the policy itself. */
const variable = (name: string): string => `\${${name}}`;

const itemActions = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
] as const;

/**
 * Items of the session's own tenant. `ForAllValues` holds for a request without keys, so `Null` asks that there are
 * some; without the tag the variable has no value and nothing matches.
 */
const ownItems: PolicyStatement = {
  Sid: 'OwnItemsOfTenant',
  Effect: 'Allow',
  Action: itemActions,
  Resource: tenantTables.map(tableArn),
  Condition: {
    'ForAllValues:StringEquals': {
      'dynamodb:LeadingKeys': [`TENANT#${variable('aws:PrincipalTag/TenantId')}`],
    },
    Null: { 'dynamodb:LeadingKeys': 'false', 'aws:PrincipalTag/TenantId': 'false' },
  },
};

/** What the portal and its worker do as the control plane. Nothing of a tenant's account. */
const portalPolicy: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'ActForOneTenant',
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Resource: `arn:aws:iam::*:role/${world.tenantRole}`,
    },
    {
      Sid: 'VendAccounts',
      Effect: 'Allow',
      Action: [
        'servicecatalog:Describe*',
        'servicecatalog:Get*',
        'servicecatalog:List*',
        'servicecatalog:Scan*',
        'servicecatalog:Search*',
        'servicecatalog:ProvisionProduct',
        'servicecatalog:UpdateProvisionedProduct',
        'servicecatalog:TerminateProvisionedProduct',
      ],
      Resource: '*',
    },
    {
      Sid: 'WatchAndRepairBaseline',
      Effect: 'Allow',
      Action: [
        'cloudformation:DescribeStackInstance',
        'cloudformation:DescribeStackSet',
        'cloudformation:DescribeStackSetOperation',
        'cloudformation:ListStackInstances',
        'cloudformation:ListStackSets',
        'cloudformation:ListStackSetOperations',
        'cloudformation:ListStackSetOperationResults',
        'cloudformation:CreateStackInstances',
        'cloudformation:UpdateStackInstances',
      ],
      Resource: '*',
    },
    {
      Sid: 'Jobs',
      Effect: 'Allow',
      Action: 'sqs:*',
      Resource: queueArn('annex-*'),
    },
    { Sid: 'FindQueues', Effect: 'Allow', Action: 'sqs:ListQueues', Resource: '*' },
    {
      Sid: 'WorkbenchRecords',
      Effect: 'Allow',
      Action: [...itemActions, 'dynamodb:Scan', 'dynamodb:DescribeTable', 'dynamodb:DescribeTimeToLive'],
      Resource: [tableArn(world.workbenchTable), `${tableArn(world.workbenchTable)}/index/*`],
    },
    { Sid: 'FindTables', Effect: 'Allow', Action: 'dynamodb:ListTables', Resource: '*' },
    {
      Sid: 'PeopleOfThePool',
      Effect: 'Allow',
      Action: ['cognito-idp:Admin*', 'cognito-idp:Describe*', 'cognito-idp:List*', 'cognito-idp:CreateGroup'],
      Resource: `arn:aws:cognito-idp:${world.region}:${world.portalAccountId}:userpool/${world.userPoolId}`,
    },
  ],
};

/** What a session in the portal's account, tagged with a tenant, does with the pooled stores. */
const pooledTenantPolicy: PolicyDocument = { Version: '2012-10-17', Statement: [ownItems] };

/** What the tenant's role does in the tenant's own account, and with the tenant's items in the pooled stores. */
const siloTenantPolicy: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'WorkbenchOfOwnAccount',
      Effect: 'Allow',
      Action: 'sagemaker:*',
      Resource: `arn:aws:sagemaker:*:${variable('aws:PrincipalAccount')}:*`,
    },
    {
      Sid: 'BucketsOfOwnAccount',
      Effect: 'Allow',
      Action: 's3:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:ResourceAccount': variable('aws:PrincipalAccount') } },
    },
    {
      Sid: 'MetricsOfOwnAccount',
      Effect: 'Allow',
      Action: [
        'cloudwatch:GetMetricData',
        'cloudwatch:GetMetricStatistics',
        'cloudwatch:ListMetrics',
        'cloudwatch:PutMetricData',
      ],
      Resource: '*',
    },
    ownItems,
  ],
};

/** Lets a tenant's own account reach that tenant's items; the tag comes from the trust of `tenantAccountRole`. */
export const tablePolicy: ResourcePolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      ...ownItems,
      Principal: '*',
      Condition: {
        ...ownItems.Condition,
        StringLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/${world.tenantRole}` },
      },
    },
  ],
};

/** The portal's own role. Nobody assumes it: on AWS it belongs to the tasks that run portal and worker. */
export const portalRole: IamRole = {
  arn: portalRoleArn,
  trust: { principals: [] },
  policies: [portalPolicy],
};

/** The role for the pooled stores. Its `ExternalId` ties the session tag to the tenant that was meant. */
export const pooledTenantRole: IamRole = {
  arn: pooledRoleArn,
  trust: {
    principals: [portalRoleArn],
    externalId: externalId(variable('aws:RequestTag/TenantId')),
    requestTags: { TenantId: '*' },
  },
  policies: [pooledTenantPolicy],
};

/** The role that the baseline makes in the account of `tenantId`. */
export function tenantAccountRole(tenantId: string, accountId: string): IamRole {
  return {
    arn: siloRoleArn(accountId),
    trust: {
      principals: [portalRoleArn],
      externalId: externalId(tenantId),
      requestTags: { TenantId: tenantId },
    },
    policies: [siloTenantPolicy],
  };
}
