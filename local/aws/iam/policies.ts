import {
  awsNames,
  externalId,
  extractJobRoleArn,
  pooledRoleArn,
  portalRoleArn,
  siloRoleArn,
} from '@/local/aws-names';
import type { IamRole, PolicyDocument, PolicyStatement } from '../core/iam-role';
import type { ResourcePolicy } from './evaluate';

/** Tables whose items belong to tenants: the partition key is `TENANT#<tenant id>`. */
export const tenantTables = [awsNames.workbenchTable, awsNames.extractsTable] as const;

/** ARN of a table in the portal's account. */
export const tableArn = (table: string): string =>
  `arn:aws:dynamodb:${awsNames.region}:${awsNames.portalAccountId}:table/${table}`;

const queueArn = (name: string): string =>
  `arn:aws:sqs:${awsNames.region}:${awsNames.portalAccountId}:${name}`;

/** ARN of a Glue job in the portal's account. */
export const glueJobArn = (job: string): string =>
  `arn:aws:glue:${awsNames.region}:${awsNames.portalAccountId}:job/${job}`;

/** Glue itself, which works with the role of a job. */
export const gluePrincipal = 'glue.amazonaws.com';

/** SageMaker itself, which works with a role of the account in training jobs and models. */
export const sageMakerPrincipal = 'sagemaker.amazonaws.com';

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

/**
 * What the portal and its worker do as the control plane: nothing in a tenant's account, no item of a tenant's extracts but the open
 * ones by the index, and of workbenches how far they are, which the admin is to see. It writes no tenant's item.
 */
const portalPolicy: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'ActForOneTenant',
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Resource: `arn:aws:iam::*:role/${awsNames.tenantRole}`,
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
      Action: [
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:Scan',
        'dynamodb:DescribeTable',
        'dynamodb:DescribeTimeToLive',
      ],
      Resource: [tableArn(awsNames.workbenchTable), `${tableArn(awsNames.workbenchTable)}/index/*`],
    },
    {
      Sid: 'UnfinishedExtracts',
      Effect: 'Allow',
      Action: 'dynamodb:Query',
      Resource: `${tableArn(awsNames.extractsTable)}/index/open`,
    },
    {
      Sid: 'DescribeExtracts',
      Effect: 'Allow',
      Action: 'dynamodb:DescribeTable',
      Resource: tableArn(awsNames.extractsTable),
    },
    { Sid: 'FindTables', Effect: 'Allow', Action: 'dynamodb:ListTables', Resource: '*' },
    {
      Sid: 'ExtractJob',
      Effect: 'Allow',
      Action: ['glue:GetJob', 'glue:GetJobs', 'glue:ListJobs'],
      Resource: glueJobArn('*'),
    },
    {
      Sid: 'PeopleOfThePool',
      Effect: 'Allow',
      Action: ['cognito-idp:Admin*', 'cognito-idp:Describe*', 'cognito-idp:List*', 'cognito-idp:CreateGroup'],
      Resource: `arn:aws:cognito-idp:${awsNames.region}:${awsNames.portalAccountId}:userpool/${awsNames.userPoolId}`,
    },
  ],
};

/** Runs of the extract job. Whose data a run reads is in its arguments, which no policy sees: see `tenantAccountRole`. */
const ownExtracts: PolicyStatement = {
  Sid: 'ExtractsOfTenant',
  Effect: 'Allow',
  Action: ['glue:StartJobRun', 'glue:GetJob', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:BatchStopJobRun'],
  Resource: glueJobArn(awsNames.extractJob),
  Condition: { Null: { 'aws:PrincipalTag/TenantId': 'false' } },
};

/** What a session in the portal's account, tagged with a tenant, does with the pooled stores. */
const pooledTenantPolicy: PolicyDocument = { Version: '2012-10-17', Statement: [ownItems, ownExtracts] };

/** What the extract job does by itself: nothing but become the role of a tenant, whose trust asks for that tenant's tag. */
const extractJobPolicy: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'WriteForOneTenant',
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Resource: `arn:aws:iam::*:role/${awsNames.tenantRole}`,
    },
  ],
};

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
      Sid: 'HandThisRoleToSageMaker',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: `arn:aws:iam::${variable('aws:PrincipalAccount')}:role/${awsNames.tenantRole}`,
      Condition: { StringEquals: { 'iam:PassedToService': sageMakerPrincipal } },
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

/**
 * Lets a tenant's own account reach that tenant's items; the tag comes from the trust of `tenantAccountRole`. A role of that name in an
 * account outside the organization is nobody: whoever owns that account writes its trust.
 */
export const tablePolicy: ResourcePolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      ...ownItems,
      Principal: '*',
      Condition: {
        ...ownItems.Condition,
        StringLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/${awsNames.tenantRole}` },
        StringEquals: { 'aws:PrincipalOrgID': awsNames.organizationId },
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

/** The role of the extract job. */
export const extractJobRole: IamRole = {
  arn: extractJobRoleArn,
  trust: { principals: [gluePrincipal] },
  policies: [extractJobPolicy],
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
      principals: [portalRoleArn, extractJobRoleArn, sageMakerPrincipal],
      externalId: externalId(tenantId),
      requestTags: { TenantId: tenantId },
    },
    policies: [siloTenantPolicy],
  };
}
