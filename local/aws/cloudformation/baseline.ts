import { siloRoleArn, tenantBucket } from '@/local/aws-names';
import { findAccount } from '../control-tower/accounts';
import type { StandIn } from '../core/service';
import { doctorRole, tenantAccountRole } from '../iam/policies';

/** Why the baseline cannot be created in `accountId`, in CloudFormation's words; `null` when it can. */
export async function failedBaseline(standIn: StandIn, accountId: string): Promise<string | null> {
  const account = await findAccount(standIn, accountId);
  if (!account) return `Account ${accountId} is not in the organization.`;
  const fault = standIn.fault('baseline.fail', account.tenantId);
  return fault === null ? null : reasonOf('TenantBucket', 'AWS::S3::Bucket', fault);
}

/**
 * Creates what the baseline's template has for a tenant's account: the roles that Annex assumes, the bucket and the
 * Studio domain. Can be repeated; a failed domain is replaced.
 */
export async function makeBaseline(standIn: StandIn, accountId: string): Promise<void> {
  const account = await findAccount(standIn, accountId);
  if (!account) throw new Error(`Account ${accountId} is not in the organization`);
  const role = tenantAccountRole(account.tenantId, accountId);
  await standIn.services.iam.putRole({ ...role, trust: { ...role.trust, externalId: account.externalId } });
  await standIn.services.iam.putRole(doctorRole(accountId));
  await standIn.services.s3.createBucket(accountId, tenantBucket(account.tenantId, accountId));
  await standIn.services.sageMaker.ensureDomain(account);
}

/** Why the baseline in `accountId` cannot be deleted, in CloudFormation's words; `null` when it can. */
export async function failedRemoval(standIn: StandIn, accountId: string): Promise<string | null> {
  const account = await findAccount(standIn, accountId);
  if (!account) return null;
  const fault = standIn.fault('baseline.delete', account.tenantId);
  if (fault !== null) return reasonOf('TenantBucket', 'AWS::S3::Bucket', fault);
  const bucket = tenantBucket(account.tenantId, accountId);
  if ((await standIn.services.s3.objects(bucket, 1)).length > 0) {
    return reasonOf('TenantBucket', 'AWS::S3::Bucket', 'The bucket you tried to delete is not empty');
  }
  const inUse = await standIn.services.sageMaker.domainInUse(accountId);
  return inUse === null ? null : reasonOf('StudioDomain', 'AWS::SageMaker::Domain', inUse);
}

/** Deletes what the baseline made. The roles go last: without them, nobody could look. Can be repeated. */
export async function removeBaseline(standIn: StandIn, accountId: string): Promise<void> {
  const account = await findAccount(standIn, accountId);
  if (!account) return;
  await standIn.services.sageMaker.deleteDomains(accountId);
  await standIn.services.s3.deleteBucket(tenantBucket(account.tenantId, accountId));
  await standIn.services.iam.deleteRole(siloRoleArn(accountId));
  await standIn.services.iam.deleteRole(doctorRole(accountId).arn);
}

const reasonOf = (id: string, type: string, words: string): string =>
  `ResourceLogicalId:${id}, ResourceType:${type}, ResourceStatusReason:${words}.`;
