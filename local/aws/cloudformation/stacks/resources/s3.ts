import { type Properties, type ResourceHandler, unless } from './handler';

/** `AWS::S3::Bucket`. Who may read is said by policies alone, and nothing expires. */
export const bucket: ResourceHandler = {
  known: [
    'BucketName',
    'BucketEncryption',
    'PublicAccessBlockConfiguration',
    'OwnershipControls',
    'LifecycleConfiguration',
    'Tags',
  ],
  fixed: ['BucketName'],
  async create({ standIn, caller, owner, name }, properties) {
    const physicalId = String(properties.BucketName ?? name.toLowerCase().slice(-63));
    await standIn.services.s3.makeBucket(caller, physicalId, algorithmOf(properties), owner);
    const arn = `arn:aws:s3:::${physicalId}`;
    return { physicalId, attributes: { Arn: arn, DomainName: `${physicalId}.s3.amazonaws.com` } };
  },
  update: async (_, made) => made,
  remove: ({ standIn, caller }, { physicalId }) =>
    unless(['NoSuchBucket'], () => standIn.services.s3.removeBucket(caller, physicalId)),
};

function algorithmOf({ BucketEncryption: encryption }: Properties): 'AES256' | 'aws:kms' {
  const { ServerSideEncryptionConfiguration: rules } = Object(encryption) as Properties;
  const [rule] = Array.isArray(rules) ? (rules as Properties[]) : [];
  const { SSEAlgorithm } = Object(rule?.ServerSideEncryptionByDefault) as Properties;
  return SSEAlgorithm === 'aws:kms' ? 'aws:kms' : 'AES256';
}

/** `AWS::S3::BucketPolicy`. */
export const bucketPolicy: ResourceHandler = {
  known: ['Bucket', 'PolicyDocument'],
  fixed: ['Bucket'],
  async create({ standIn, caller }, { Bucket, PolicyDocument }) {
    await standIn.services.s3.setPolicy(caller, String(Bucket), PolicyDocument);
    return { physicalId: String(Bucket), attributes: {} };
  },
  async update({ standIn, caller }, made, { PolicyDocument }) {
    await standIn.services.s3.setPolicy(caller, made.physicalId, PolicyDocument);
    return made;
  },
  remove: ({ standIn, caller }, { physicalId }) =>
    unless(['NoSuchBucket'], () => standIn.services.s3.setPolicy(caller, physicalId, null)),
};
