import { tableArn } from '../local/aws/iam/arns';
import type { RecordedCall } from '../local/aws/trials/calls';
import { awsNames, portalRoleArn } from '../local/aws-names';

/** A tenant and its AWS account. */
interface Owner {
  readonly id: string;
  readonly accountId: string;
}

/** Whether a call concerns the tenant: its account, its items, or a session for it. */
export const concerns = ({ id, accountId }: Owner, call: RecordedCall): boolean =>
  call.accountId === accountId ||
  call.resource.includes(accountId) ||
  (call.leadingKeys?.includes(`TENANT#${id}`) ?? false) ||
  call.tags.TenantId === id;

/**
 * Whether a call stays in the tenant's account or in its items of the pooled stores. The tenant's role needs its tag;
 * SageMaker itself works in the account without a tag.
 */
export function isMadeFor(
  { id, accountId: account }: Owner,
  { action, arn, roleArn, accountId, tags, leadingKeys }: RecordedCall,
): boolean {
  if (roleArn.endsWith(':role/annex-portal')) return action === 'sts:AssumeRole';
  if (arn === `arn:aws:sts::${account}:assumed-role/annex-tenant/SageMaker`) return leadingKeys === undefined;
  // The doctor reads whom the account's roles trust.
  if (arn.startsWith(`arn:aws:sts::${account}:assumed-role/annex-tenant-doctor/`))
    return action === 'iam:GetRole' && accountId === account;
  return (
    tags.TenantId === id &&
    roleArn.endsWith(':role/annex-tenant') &&
    (accountId === account || accountId === awsNames.portalAccountId) &&
    (leadingKeys ?? []).every((key) => key === `TENANT#${id}`)
  );
}

/** What the portal's own role reads for administrators: how a workbench stands, and how old messages of its own queues are. */
export const isForAdmins = ({ action, roleArn, accountId, resource }: RecordedCall): boolean =>
  roleArn === portalRoleArn &&
  accountId === awsNames.portalAccountId &&
  ((action === 'dynamodb:Query' && resource === tableArn(awsNames.workbenchTable)) ||
    action === 'cloudwatch:GetMetricData');

/** What a session of the tenant reads to count what its plan limits; administrators are told the numbers. */
export const isCount = ({ id }: Owner, { action, tags, resource }: RecordedCall): boolean =>
  tags.TenantId === id &&
  (action === 'sagemaker:ListEndpoints' ||
    (action === 'dynamodb:Query' && resource === tableArn(awsNames.extractsTable)));

/** A call for people who read a failure. */
export const inWords = ({ action, arn, tags, resource, leadingKeys }: RecordedCall): string =>
  `${action} by ${arn} for ${tags.TenantId} on ${resource} ${leadingKeys ?? ''}`;
