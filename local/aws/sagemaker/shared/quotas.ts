import { AwsError } from '@/local/aws/core/service';

/** Instances of an account. Source: AWS General Reference, "Amazon SageMaker endpoints and quotas"; new accounts have fewer. */
const quotas = {
  'Number of instances across active endpoints': 20,
  'Number of instances across training jobs': 20,
} as const;

/** Throws ResourceLimitExceeded if `more` instances beside the `used` ones are beyond what an account has. */
export function refuseBeyondQuota(name: keyof typeof quotas, used: number, more: number): void {
  const most = quotas[name];
  if (used + more <= most) return;
  throw new AwsError(
    'ResourceLimitExceeded',
    `The account-level service limit '${name}' is ${most} Instances, with current utilization of ${used} Instances and a request delta of ${more} Instances. Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.`,
  );
}
