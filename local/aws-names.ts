/** Names that the embedded default uses. In production they are settings. */
export const awsNames = {
  /** Studio's pages have a host of their own; browsers find names below localhost on this machine. */
  studioHost: 'studio.localhost',
  region: 'us-east-1',
  /** The account that the portal runs in. */
  portalAccountId: '111122223333',
  /** The organization that the portal's account and every vended account are in. */
  organizationId: 'o-annexlocal',
  /** An account of somebody else, outside the organization, into which stacks can be deployed. */
  buyerAccountId: '444455556666',
  buyerOrganizationId: 'o-buyerlocal',
  /** May do everything in the buyer's account. */
  buyerRole: 'buyer-admin',
  mlOu: 'ou-annx-ml000001',
  mlOuName: 'ML workbenches',
  portalRole: 'annex-portal',
  /** Same name in the portal's account (pooled stores) and in each tenant's account (silo). */
  tenantRole: 'annex-tenant',
  /** Reads the trust of roles in a tenant's account, for the doctor. */
  doctorRole: 'annex-tenant-doctor',
  stackSet: 'annex-ml-baseline',
  workbenchTable: 'annex-workbench',
  extractsTable: 'annex-extracts',
  extractJob: 'annex-extract',
  /** The role of the Glue job, in the portal's account. */
  extractJobRole: 'annex-extract-job',
  jobsQueue: 'annex-jobs',
  jobsDeadLetterQueue: 'annex-jobs-dlq',
  eventsQueue: 'annex-account-events',
  eventsDeadLetterQueue: 'annex-account-events-dlq',
  /** How often a message may be received before it moves to the dead-letter queue. */
  maxReceiveCount: 10,
  userPoolId: 'us-east-1_annexlocal',
  clientId: 'annexportal',
  demoPassword: 'annex-demo-2026',
  /** The only address that SES may send from. */
  mailFrom: 'annex@xyz.example',
} as const;

export const portalRoleArn = `arn:aws:iam::${awsNames.portalAccountId}:role/${awsNames.portalRole}`;
export const buyerRoleArn = `arn:aws:iam::${awsNames.buyerAccountId}:role/${awsNames.buyerRole}`;
export const extractJobRoleArn = `arn:aws:iam::${awsNames.portalAccountId}:role/${awsNames.extractJobRole}`;
export const pooledRoleArn = `arn:aws:iam::${awsNames.portalAccountId}:role/${awsNames.tenantRole}`;

/** The `ExternalId` of a tenant's roles; AWS does not treat it as a secret. */
export const externalId = (tenantId: string): string => `annex-${tenantId}`;
/** ARN of the role that the baseline creates in a tenant's account. */
export const siloRoleArn = (accountId: string): string =>
  `arn:aws:iam::${accountId}:role/${awsNames.tenantRole}`;
/** ARN of the role that the baseline creates for the doctor. */
export const doctorRoleArn = (accountId: string): string =>
  `arn:aws:iam::${accountId}:role/${awsNames.doctorRole}`;
/** The tenant's bucket, in the tenant's account. */
export const tenantBucket = (tenantId: string, accountId: string): string => `annex-${tenantId}-${accountId}`;
