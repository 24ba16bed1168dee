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
import { glueJobArn, tableArn, tenantTables } from './arns';
import type { ResourcePolicy } from './evaluate';
import { portalPolicy } from './portal-policy';

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
      Sid: 'ModelPackagesOfSellers',
      Effect: 'Allow',
      Action: 'sagemaker:DescribeModelPackage',
      Resource: `arn:aws:sagemaker:*:${awsNames.portalAccountId}:model-package/*`,
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
