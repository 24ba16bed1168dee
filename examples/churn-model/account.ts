import { ListBucketsCommand, type S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/**
 * The role of these keys, which SageMaker assumes too, and the account's Annex bucket. Throws a sentence when it cannot
 * find one of them.
 */
export async function accountOf(
  s3: S3Client,
): Promise<{ readonly roleArn: string; readonly bucket: string }> {
  const { Arn = '', Account } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  const role = /:assumed-role\/([^/]+)\//.exec(Arn)?.[1];
  if (!role) throw new Error(`${Arn} is no session of a role. Give --role.`);
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const names = Buckets.map(({ Name = '' }) => Name).filter((name) => /^annex-.+-\d{12}$/.test(name));
  const [bucket] = names;
  if (!bucket || names.length > 1) {
    throw new Error(`The account ${Account} has ${names.length} buckets named annex-…. Give --bucket.`);
  }
  return { roleArn: `arn:aws:iam::${Account}:role/${role}`, bucket };
}
