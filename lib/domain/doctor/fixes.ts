import type { Examination, FaultName, Fix, Observation, Place, Target } from './ports';

/** What to do about what a look found. */
export function fixOf(
  seen: Observation,
  { target, place }: Pick<Examination, 'target' | 'place'>,
): Fix | null {
  return seen.fault === null ? null : { ...nothing, ...fixes[seen.fault](place(), target, seen) };
}

const nothing: Omit<Fix, 'words'> = { console: null, policy: null, page: null };

type FixMaker = (place: Place, target: Target, seen: Observation) => Partial<Fix> & Pick<Fix, 'words'>;

const json = (value: object): string => JSON.stringify(value, null, 2);

/** Statements of the trust policy of the tenant's role in its account; `infra/README.md` explains them. */
function trustStatements({ portalRoleArn, externalId }: Place, { tenantId }: Target): string {
  const Principal = { AWS: portalRoleArn ?? 'the ARN of the portal’s role' };
  const tag = { 'aws:RequestTag/TenantId': tenantId };
  return json([
    {
      Effect: 'Allow',
      Principal,
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': externalId, ...tag } },
    },
    { Effect: 'Allow', Principal, Action: 'sts:TagSession', Condition: { StringEquals: tag } },
  ]);
}

const roleConsole = ({ accountRole }: Place, { accountId }: Target): string =>
  `Account ${accountId}: IAM → Roles → ${accountRole} → Trust relationships → Edit trust policy`;
const stackConsole = ({ stackSet, region }: Place, { accountId }: Target): string =>
  `Management account, ${region}: CloudFormation → StackSets → ${stackSet} → Stack instances → ${accountId}`;

/** A fix of the trust policy of the tenant's role. */
const trust =
  (words: string): FixMaker =>
  (place, target) => ({
    words: `${words} Keep the other statements: the extract job and SageMaker need theirs.`,
    console: roleConsole(place, target),
    policy: trustStatements(place, target),
  });
/** A fix of the baseline's stack instance. */
const stack =
  (words: string): FixMaker =>
  (place, target) => ({ words, console: stackConsole(place, target) });
const domain =
  (words: string): FixMaker =>
  ({ region }, { accountId }) => ({
    words,
    console: `Account ${accountId}, ${region}: Amazon SageMaker AI → Admin configurations → Domains`,
    page: 'workbench',
  });
const endpoint =
  (words: string): FixMaker =>
  ({ region }, { accountId, endpointName }) => ({
    words,
    console: `Account ${accountId}, ${region}: Amazon SageMaker AI → Inference → Endpoints → ${endpointName}`,
    page: 'model',
  });

const fixes: Readonly<Record<FaultName, FixMaker>> = {
  denied: (_, __, { denied }) => ({
    words:
      'Allow the call with this statement in the policy of the role that made it, and see that no service control policy or permissions boundary denies it.',
    policy: denied && json({ Effect: 'Allow', Action: denied.operation, Resource: denied.resource }),
  }),
  throttled: () => ({
    words:
      'Nothing is broken: AWS limits how often it is asked. Run again in a minute. If it persists, raise the limit in Service Quotas.',
  }),
  unreachable: ({ region }) => ({
    words: `See whether AWS has an outage in ${region}, and whether the network of the portal reaches its endpoints. Then run again.`,
    console: 'AWS Health Dashboard → Service health',
  }),
  clock: () => ({
    words:
      'The clocks of the portal’s host and of AWS differ by more than five minutes. Synchronise the host’s clock (NTP, on AWS 169.254.169.123), then run again.',
  }),
  unexpected: () => ({
    words: 'AWS answered with an error that Annex does not know. Look it up by its code, then run again.',
  }),
  'no-credentials': () => ({
    words:
      'Give the containers of portal and worker the portal’s role: as the task role of their ECS task, or what your platform has for it. Then restart them.',
    console: 'Amazon ECS → Task definitions → Task role',
  }),
  'other-account': ({ pooledRoleArn }) => ({
    words: `The portal runs with credentials of another account than that of ANNEX_TENANT_ROLE_ARN (${pooledRoleArn}). Correct either of them.`,
  }),
  'pooled-refused': ({ pooledRoleArn, portalRoleArn }) => ({
    words:
      'This concerns every tenant. Let the portal’s role assume the role for the tenants’ records, in the portal’s account.',
    console: `IAM → Roles → ${pooledRoleArn.split('/').at(-1)} → Trust relationships → Edit trust policy`,
    policy: json([
      {
        Effect: 'Allow',
        Principal: { AWS: portalRoleArn },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'sts:ExternalId': `annex-$\{aws:RequestTag/TenantId}` },
          Null: { 'aws:RequestTag/TenantId': 'false' },
        },
      },
      {
        Effect: 'Allow',
        Principal: { AWS: portalRoleArn },
        Action: 'sts:TagSession',
        Condition: { Null: { 'aws:RequestTag/TenantId': 'false' } },
      },
    ]),
  }),
  'role-missing': stack(
    'The baseline makes this role, and somebody deleted it. Deploy the baseline to the account again: override nothing and choose the account alone.',
  ),
  'not-trusted': trust('Add these statements to the trust policy of the role.'),
  'trust-unreadable': trust(
    'AWS refused without saying why, and the role with which Annex reads trust policies cannot be used either. Deploy the baseline again, or compare the trust policy with these statements.',
  ),
  'refused-elsewhere': ({ accountRole }, { accountId }) => ({
    words:
      'The trust policy is right. Look for a service control policy that denies sts:AssumeRole or sts:TagSession, and see that the policy of the portal’s role has this statement.',
    console: 'Management account: AWS Organizations → Policies → Service control policies',
    policy: json({
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Resource: `arn:aws:iam::${accountId}:role/${accountRole}`,
    }),
  }),
  'external-id-wrong': trust('Replace the external id in the trust policy of the role.'),
  'external-id-not-required': trust(
    'Anybody who makes the portal assume this role for another tenant would succeed. Add the condition on sts:ExternalId.',
  ),
  'tag-refused': trust('Allow sts:TagSession with this tenant’s tag in the trust policy of the role.'),
  'tag-not-required': trust(
    'A session without the tenant’s tag would be let in. Add the condition on aws:RequestTag/TenantId.',
  ),
  'instance-missing': stack(
    'Add a stack instance for this account: Add new stacks to StackSet, the organizational unit, and the intersection with this account.',
  ),
  'instance-failed': stack(
    'Correct what CloudFormation names, then retry the step on the tenant’s workbench page, or update the stack instance.',
  ),
  'instance-slow': stack(
    'CloudFormation has been at it for more than three times as long as usual. Look at the operation; if it hangs, stop it and retry.',
  ),
  'instance-drifted': stack(
    'Somebody changed by hand what the baseline made. Look at the drift, undo the change, or update the stack instance, then detect drift again.',
  ),
  'domain-missing': domain(
    'The Studio domain was deleted. What was stored in it is gone; extracts and models in the bucket are not. Ask your administrator to deploy the baseline again, which makes a new one.',
  ),
  'domain-failed': domain(
    'Correct what SageMaker names, then retry from the failed step on the workbench page.',
  ),
  'domain-slow': domain(
    'SageMaker has been at it for more than three times as long as usual. Look at the domain in the console; Annex goes on as soon as it is in service.',
  ),
  'execution-role-missing': ({ accountRole }, { accountId }) => ({
    words: `Set the execution role of the domain’s default settings to ${accountRole}, which the baseline makes.`,
    console: `Account ${accountId}: Amazon SageMaker AI → Domains → Domain settings → Edit → Execution role`,
  }),
  'execution-role-closed': (place, target) => ({
    words: 'Let SageMaker assume the role: add this statement to its trust policy.',
    console: roleConsole(place, target),
    policy: json({
      Effect: 'Allow',
      Principal: { Service: 'sagemaker.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': target.accountId } },
    }),
  }),
  'execution-role-foreign': ({ accountRole }, { accountId }) => ({
    words: `The execution role of the domain is of another account. Set it to ${accountRole} of this account.`,
    console: `Account ${accountId}: Amazon SageMaker AI → Domains → Domain settings → Edit → Execution role`,
  }),
  'doctor-refused': (place, target) => ({
    words: `The role with which the doctor reads trust policies is missing, or does not trust the portal. Studio itself may be well. Deploy the newest baseline, which makes ${place.accountRole}-doctor with this trust policy.`,
    console: stackConsole(place, target),
    policy: json({
      Effect: 'Allow',
      Principal: { AWS: place.portalRoleArn ?? 'the ARN of the portal’s role' },
      Action: 'sts:AssumeRole',
    }),
  }),
  'bucket-missing': (place, target) => ({
    words: `The bucket ${place.bucket} was deleted, with the extracts and models in it. Ask your administrator to deploy the baseline again, which makes an empty one.`,
    console: stackConsole(place, target),
  }),
  'key-foreign': ({ bucket, region }, { accountId }) => ({
    words:
      'The bucket encrypts with a key of another account or Region, which this account’s role may not be able to use. Choose a key of this account.',
    console: `Account ${accountId}, ${region}: Amazon S3 → ${bucket} → Properties → Default encryption → Edit`,
  }),
  'job-missing': ({ extractJob, region }) => ({
    words: `This concerns every tenant. Create the Glue job ${extractJob} as infra/glue/README.md says, or correct ANNEX_EXTRACT_JOB.`,
    console: `Portal’s account, ${region}: AWS Glue → ETL jobs`,
  }),
  'replica-unreachable': () => ({
    words:
      'This concerns every tenant. See that the reader of the database is up and that DATABASE_REPLICA_URL leads to it. Annex queues extracts until it answers.',
    console: 'Amazon RDS → Databases → the reader instance',
  }),
  'endpoint-missing': endpoint(
    'The endpoint of the active version was deleted. Customers have the built-in scores meanwhile. Deploy the model again under the same name, or go back to another version on the model page.',
  ),
  'endpoint-failed': endpoint(
    'Correct what SageMaker names and deploy the model again, or go back to another version on the model page.',
  ),
  'endpoint-not-serving': endpoint(
    'The endpoint does not serve now. Wait if it is being created or updated; otherwise deploy the model again.',
  ),
  'quota-exhausted': ({ region }, { accountId }) => ({
    words:
      'Delete endpoints that nobody needs, or request a higher quota. Until then no further model can be deployed.',
    console: `Account ${accountId}, ${region}: Service Quotas → AWS services → Amazon SageMaker → Number of instances across active endpoints`,
  }),
};
