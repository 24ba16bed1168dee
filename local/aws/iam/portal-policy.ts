import { awsNames } from '@/local/aws-names';
import type { PolicyDocument } from '../core/iam-role';
import { glueJobArn, mailIdentityArn, queueArn, tableArn } from './arns';

/**
 * The control plane's access for portal and worker. Nothing in a tenant's account. Of extracts only the index of open
 * ones, and of workbenches their progress, which the admin page shows. No writes to a tenant's items.
 */
export const portalPolicy: PolicyDocument = {
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
    // AWS Marketplace has no resources; it answers for the products of the account alone.
    {
      Sid: 'CustomersOfMarketplace',
      Effect: 'Allow',
      Action: [
        'aws-marketplace:ResolveCustomer',
        'aws-marketplace:GetEntitlements',
        'aws-marketplace:BatchMeterUsage',
      ],
      Resource: '*',
    },
    { Sid: 'SendMail', Effect: 'Allow', Action: 'ses:SendEmail', Resource: mailIdentityArn('*') },
  ],
};
