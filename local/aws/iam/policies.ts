import {
  awsNames,
  doctorRoleArn,
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

/** ARN of an address or domain that the portal's account may send mail from. */
export const mailIdentityArn = (identity: string): string =>
  `arn:aws:ses:${awsNames.region}:${awsNames.portalAccountId}:identity/${identity}`;

/** The principal of Glue, which assumes the role of a job. */
export const gluePrincipal = 'glue.amazonaws.com';

/** The principal of SageMaker, which assumes a role of the account for training jobs and models. */
export const sageMakerPrincipal = 'sagemaker.amazonaws.com';

/** An IAM policy variable, `${name}` in the policy. */
const variable = (name: string): string => `\${${name}}`;

const readItems = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] as const;
const writeItems = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
] as const;

/**
 * Items of the session's own tenant. `ForAllValues` is true for a request without keys, so `Null` requires at least
 * one. Without the tag the variable has no value, and nothing matches.
 */
const ownItems = {
  Sid: 'OwnItemsOfTenant',
  Effect: 'Allow',
  Action: readItems,
  Resource: tenantTables.map(tableArn),
  Condition: {
    'ForAllValues:StringEquals': {
      'dynamodb:LeadingKeys': [`TENANT#${variable('aws:PrincipalTag/TenantId')}`],
    },
    Null: { 'dynamodb:LeadingKeys': 'false', 'aws:PrincipalTag/TenantId': 'false' },
  },
} as const satisfies PolicyStatement;

/** Only for sessions of portal and worker: what is open is counted and swept for all tenants together. */
const ownRecords: PolicyStatement = { ...ownItems, Action: [...readItems, ...writeItems] };

/**
 * The control plane's access for portal and worker. Nothing in a tenant's account. Of extracts only the index of open
 * ones, and of workbenches their progress, which the admin page shows. No writes to a tenant's items.
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
      Sid: 'ReadTrustForTheDoctor',
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Resource: `arn:aws:iam::*:role/${awsNames.doctorRole}`,
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
        'cloudformation:DeleteStackInstances',
      ],
      Resource: '*',
    },
    {
      Sid: 'CloseAccounts',
      Effect: 'Allow',
      Action: ['organizations:DescribeAccount', 'organizations:CloseAccount'],
      Resource: `arn:aws:organizations::${awsNames.portalAccountId}:account/${awsNames.organizationId}/*`,
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
    // CloudWatch has no resources: metrics of the portal's account.
    { Sid: 'AgeOfMessages', Effect: 'Allow', Action: 'cloudwatch:GetMetricData', Resource: '*' },
    // The bill of every account: the portal's is the management account.
    { Sid: 'ReadTheBill', Effect: 'Allow', Action: 'ce:GetCostAndUsage', Resource: '*' },
    { Sid: 'SendMail', Effect: 'Allow', Action: 'ses:SendEmail', Resource: mailIdentityArn('*') },
  ],
};

/**
 * Runs of the extract job. The tenant whose data a run reads is in its arguments, which policies cannot see: see
 * `tenantAccountRole`.
 */
const ownExtracts: PolicyStatement = {
  Sid: 'ExtractsOfTenant',
  Effect: 'Allow',
  Action: ['glue:StartJobRun', 'glue:GetJob', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:BatchStopJobRun'],
  Resource: glueJobArn(awsNames.extractJob),
  Condition: { Null: { 'aws:PrincipalTag/TenantId': 'false' } },
};

/** Access of a session in the portal's account, tagged with a tenant, to the pooled stores. */
const pooledTenantPolicy: PolicyDocument = { Version: '2012-10-17', Statement: [ownRecords, ownExtracts] };

/** The extract job may only assume the role of a tenant, which trusts it only with that tenant's tag. */
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

/** Access of the tenant's role in the tenant's account, and reads of the tenant's items in the pooled stores. */
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
    {
      Sid: 'QuotasOfOwnAccount',
      Effect: 'Allow',
      Action: 'servicequotas:GetServiceQuota',
      Resource: `arn:aws:servicequotas:*:${variable('aws:PrincipalAccount')}:*`,
    },
    ownItems,
  ],
};

/**
 * Lets a tenant's own account read that tenant's items. The tag comes from the trust of `tenantAccountRole`.
 * Roles of that name outside the organization get no access, because the owner of such an account writes their trust.
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

/** The portal's own role. Nobody assumes it: on AWS the tasks of portal and worker have it. */
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

/** The role for the pooled stores. Its `ExternalId` ties the session tag to the intended tenant. */
export const pooledTenantRole: IamRole = {
  arn: pooledRoleArn,
  trust: {
    principals: [portalRoleArn],
    externalId: externalId(variable('aws:RequestTag/TenantId')),
    requestTags: { TenantId: '*' },
  },
  policies: [pooledTenantPolicy],
};

/** The role that the baseline creates in the account of `tenantId`. */
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

/**
 * What the baseline creates for the doctor, which has to say why the tenant's role cannot be assumed: a role that reads the trust of
 * roles and nothing else. It asks for no external id, as one that is wrong is among what it looks for.
 */
export function doctorRole(accountId: string): IamRole {
  return {
    arn: doctorRoleArn(accountId),
    trust: { principals: [portalRoleArn] },
    policies: [
      {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'TrustOfRoles',
            Effect: 'Allow',
            Action: 'iam:GetRole',
            Resource: `arn:aws:iam::${variable('aws:PrincipalAccount')}:role/*`,
          },
        ],
      },
    ],
  };
}
