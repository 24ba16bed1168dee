import { AwsError } from '../core/service';
import { answerJson, answerXml, type S3Request } from './exchange';
import type { S3Store } from './store';

type Handler = (s3: S3Request, store: S3Store) => Promise<void>;

/** The error of a setting that no bucket here has. Sources: the API reference of each `GetBucket…`. */
const notSet = {
  cors: ['s3:GetBucketCORS', 'NoSuchCORSConfiguration', 'The CORS configuration does not exist'],
  lifecycle: [
    's3:GetLifecycleConfiguration',
    'NoSuchLifecycleConfiguration',
    'The lifecycle configuration does not exist',
  ],
  'object-lock': [
    's3:GetBucketObjectLockConfiguration',
    'ObjectLockConfigurationNotFoundError',
    'Object Lock configuration does not exist for this bucket',
  ],
  ownershipControls: [
    's3:GetBucketOwnershipControls',
    'OwnershipControlsNotFoundError',
    'The bucket ownership controls were not found',
  ],
  policy: ['s3:GetBucketPolicy', 'NoSuchBucketPolicy', 'The bucket policy does not exist'],
  policyStatus: ['s3:GetBucketPolicyStatus', 'NoSuchBucketPolicy', 'The bucket policy does not exist'],
  publicAccessBlock: [
    's3:GetBucketPublicAccessBlock',
    'NoSuchPublicAccessBlockConfiguration',
    'The public access block configuration was not found',
  ],
  replication: [
    's3:GetReplicationConfiguration',
    'ReplicationConfigurationNotFoundError',
    'The replication configuration was not found',
  ],
  tagging: ['s3:GetBucketTagging', 'NoSuchTagSet', 'The TagSet does not exist'],
  website: [
    's3:GetBucketWebsite',
    'NoSuchWebsiteConfiguration',
    'The specified bucket does not have a website configuration',
  ],
} as const;

/** The document of a setting that every bucket has, here always as S3 creates it. */
const initial = {
  accelerate: ['s3:GetAccelerateConfiguration', 'AccelerateConfiguration', ''],
  logging: ['s3:GetBucketLogging', 'BucketLoggingStatus', ''],
  notification: ['s3:GetBucketNotification', 'NotificationConfiguration', ''],
  requestPayment: ['s3:GetBucketRequestPayment', 'RequestPaymentConfiguration', { Payer: 'BucketOwner' }],
  versioning: ['s3:GetBucketVersioning', 'VersioningConfiguration', ''],
} as const;

/** Handlers that read a bucket's settings, as `GET <sub-resource>`. They cannot be changed here, but CloudFormation sets policies. */
export const settingHandlers: Readonly<Record<string, Handler>> = Object.fromEntries([
  ...Object.entries(notSet).map(([name, [action, code, message]]): [string, Handler] => [
    `GET ${name}`,
    async (s3, store) => {
      const { policy } = store.authorized(s3, action);
      if (name === 'policy' && policy !== undefined) return answerJson(s3, policy);
      throw new AwsError(code, message, 404, { BucketName: s3.bucket });
    },
  ]),
  ...Object.entries(initial).map(([name, [action, root, value]]): [string, Handler] => [
    `GET ${name}`,
    async (s3, store) => {
      store.authorized(s3, action);
      answerXml(s3, root, value);
    },
  ]),
]);
