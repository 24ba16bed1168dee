import { tenantBucket } from '@/local/aws-names';
import { findAccount } from '../control-tower/accounts';
import type { StandIn } from '../core/service';
import { doctorRole, tenantAccountRole } from '../iam/policies';

/** Why the baseline cannot be created in `accountId`, in CloudFormation's words; `null` when it can. */
export async function failedBaseline(standIn: StandIn, accountId: string): Promise<string | null> {
  const account = await findAccount(standIn, accountId);
  if (!account) return `Account ${accountId} is not in the organization.`;
  const fault = standIn.fault('baseline.fail', account.tenantId);
  return fault === null
    ? null
    : `ResourceLogicalId:TenantBucket, ResourceType:AWS::S3::Bucket, ResourceStatusReason:${fault}.`;
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
