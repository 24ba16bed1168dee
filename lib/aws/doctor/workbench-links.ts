import { GetBucketEncryptionCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeDomainCommand,
  type DescribeDomainResponse,
  paginateListDomains,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { Observation } from '@/lib/domain/doctor/ports';
import { env } from '@/lib/env';
import { tenantBucket } from '../core/tenant-bucket';
import type { Evidence } from './evidence';
import { answerOf, fine, isDenied, refused, safeName, safeWords, wrong } from './observed';
import { isMissing } from './portal-links';
import { rolesOf, sessionClient, trustPolicyOf } from './sessions';
import { trustsService } from './trust-policy';

/** The account's Studio domain: the newest in service, or else the newest that is not being deleted; null for none. */
export async function domainOf(evidence: Evidence): Promise<DescribeDomainResponse | null> {
  const client = sessionClient(SageMakerClient, await evidence.tenantSession());
  const found: { id: string; status: string; at: number }[] = [];
  for await (const { Domains = [] } of paginateListDomains({ client, pageSize: 100 }, {})) {
    for (const { DomainId, Status = '', CreationTime } of Domains)
      if (DomainId) found.push({ id: DomainId, status: Status, at: CreationTime?.getTime() ?? 0 });
  }
  found.sort((a, b) => b.at - a.at);
  const domain =
    found.find(({ status }) => status === 'InService') ??
    found.find(({ status }) => status !== 'Deleting' && status !== 'Delete_Failed');
  return domain ? client.send(new DescribeDomainCommand({ DomainId: domain.id })) : null;
}

export async function domainLink(
  { accountId }: Evidence,
  domain: () => Promise<DescribeDomainResponse | null>,
): Promise<Observation> {
  const list = { operation: 'sagemaker:ListDomains', resource: `account ${accountId}` };
  try {
    const found = await domain();
    if (!found) return wrong('domain-missing', 'The account has no Studio domain.', [list]);
    const id = safeName(found.DomainId);
    const calls = [list, { operation: 'sagemaker:DescribeDomain', resource: id }];
    const status = safeName(found.Status);
    const reason = found.FailureReason ? ` ${safeWords(found.FailureReason)}` : '';
    if (status === 'InService' || status === 'Updating')
      return fine(`The domain ${id} is ${status}.`, ...calls);
    if (status === 'Pending') return wrong('domain-slow', `The domain ${id} is still Pending.`, calls);
    return wrong('domain-failed', `The domain ${id} is ${status}.${reason}`, calls);
  } catch (error) {
    return refused(error, list);
  }
}

/** The role with which Studio works: that it is of this account, is there, and lets SageMaker in. */
export async function executionRole(
  evidence: Evidence,
  domain: () => Promise<DescribeDomainResponse | null>,
): Promise<Observation> {
  const arn = safeName((await domain())?.DefaultUserSettings?.ExecutionRole);
  const call = { operation: 'iam:GetRole', resource: arn };
  const [, account, path] = /^arn:aws[\w-]*:iam::(\d{12}):role\/([\w+=,.@/-]+)$/.exec(arn) ?? [];
  if (account !== evidence.accountId || path === undefined)
    return wrong('execution-role-foreign', `The domain works as ${arn}, which is no role of this account.`, [
      call,
    ]);
  const reader = { operation: 'sts:AssumeRole', resource: rolesOf(account).doctor };
  const session = await evidence.doctorSession().catch((error: unknown) => ({ error }));
  if ('error' in session) {
    if (!isDenied(session.error)) return refused(session.error, reader);
    return wrong(
      'doctor-refused',
      'Annex may not read the roles of this account.',
      [reader],
      answerOf(session.error),
    );
  }
  try {
    const policy = await trustPolicyOf(session, path.split('/').at(-1) ?? '');
    if (policy && trustsService(policy, 'sagemaker.amazonaws.com'))
      return fine(`SageMaker works as ${arn}.`, call);
    return wrong('execution-role-closed', 'The trust policy of the role does not let SageMaker assume it.', [
      call,
    ]);
  } catch (error) {
    if (isMissing(error))
      return wrong('execution-role-missing', `The domain works as ${arn}, which is not there.`, [call]);
    return refused(error, call);
  }
}

/** The bucket, and the key that it encrypts with. */
export async function bucketLink(evidence: Evidence): Promise<Observation> {
  const { tenantId, accountId } = evidence;
  const Bucket = tenantBucket(tenantId, accountId);
  const input = { Bucket, ExpectedBucketOwner: accountId };
  const resource = `arn:aws:s3:::${Bucket}`;
  const head = { operation: 's3:ListBucket', resource };
  const encryption = { operation: 's3:GetEncryptionConfiguration', resource };
  try {
    const client = sessionClient(S3Client, await evidence.tenantSession());
    const [there, rules] = await Promise.allSettled([
      client.send(new HeadBucketCommand(input)),
      client.send(new GetBucketEncryptionCommand(input)),
    ]);
    if (there.status === 'rejected') {
      if (isMissing(there.reason)) return wrong('bucket-missing', `There is no bucket ${Bucket}.`, [head]);
      return refused(there.reason, head);
    }
    if (rules.status === 'rejected') return refused(rules.reason, encryption, [head, encryption]);
    const [rule] = rules.value.ServerSideEncryptionConfiguration?.Rules ?? [];
    const { SSEAlgorithm, KMSMasterKeyID } = rule?.ApplyServerSideEncryptionByDefault ?? {};
    const key = safeName(KMSMasterKeyID);
    const own = `arn:aws:kms:${env().AWS_REGION}:${accountId}:`;
    if (key.startsWith('arn:') && !key.startsWith(own))
      return wrong('key-foreign', `The bucket encrypts with ${key}.`, [head, encryption]);
    const how = KMSMasterKeyID ? `${safeName(SSEAlgorithm)} under ${key}` : safeName(SSEAlgorithm);
    return fine(
      `The bucket ${Bucket} is there and encrypts with ${how || 'S3’s own keys'}.`,
      head,
      encryption,
    );
  } catch (error) {
    return refused(error, head);
  }
}
