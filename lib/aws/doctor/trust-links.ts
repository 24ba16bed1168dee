import type { Call, LinkName, Observation } from '@/lib/domain/doctor/ports';
import { env } from '@/lib/env';
import { externalId } from '../core/credentials';
import type { Evidence } from './evidence';
import { answerOf, fine, isDenied, refused, wrong } from './observed';
import { rolesOf } from './sessions';
import { type TrustFault, type TrustPolicy, trustFault } from './trust-policy';

/** Which link a fault of the trust policy belongs to. */
const linkOf: Readonly<Record<TrustFault, LinkName>> = {
  'not-trusted': 'trust',
  'external-id-wrong': 'external-id',
  'external-id-not-required': 'external-id',
  'tag-refused': 'session-tag',
  'tag-not-required': 'session-tag',
};

const assume = (resource: string): Call => ({ operation: 'sts:AssumeRole', resource });

/** The portal's role: that it has credentials, and of the account that the settings name. */
export async function portalRole(evidence: Evidence): Promise<Observation> {
  const call = { operation: 'sts:GetCallerIdentity', resource: 'the portal’s own role' };
  try {
    const { accountId, roleArn } = await evidence.identity();
    const wanted = env().ANNEX_TENANT_ROLE_ARN.split(':')[4];
    if (wanted === accountId) return fine(`The portal is ${roleArn}.`, call);
    return wrong('other-account', `The portal is ${roleArn}, of another account than ${wanted}.`, [call]);
  } catch (error) {
    return refused(error, call);
  }
}

/**
 * `trust`, `external-id` and `session-tag` look at the same two things: whether AWS lets the portal assume the roles, and, as a refusal
 * does not say why, the trust policy of the role in the account, which another role reads.
 */
export async function trustLink(evidence: Evidence, link: LinkName): Promise<Observation> {
  const pooled = assume(env().ANNEX_TENANT_ROLE_ARN);
  const own = assume(rolesOf(evidence.accountId).tenant);
  const [pooledTry, ownTry, policy] = await Promise.all([
    settled(evidence.pooledSession()),
    settled(evidence.tenantSession()),
    settled(evidence.trustPolicy()),
  ]);
  const calls = link === 'trust' ? [pooled, own] : [own];
  const read: Call = { operation: 'iam:GetRole', resource: own.resource };
  if (link === 'trust' && 'error' in pooledTry) {
    if (!isDenied(pooledTry.error)) return refused(pooledTry.error, pooled);
    return wrong(
      'pooled-refused',
      'AWS does not let the portal assume the role for tenants’ records.',
      calls,
      answerOf(pooledTry.error),
    );
  }
  if ('error' in ownTry && !isDenied(ownTry.error)) return refused(ownTry.error, own, calls);
  const found = await verdict(evidence, 'error' in ownTry ? ownTry.error : null, policy);
  const all = 'error' in policy ? calls : [...calls, read];
  if (found !== null && found.link === link)
    return wrong(found.fault, found.words, all, 'error' in ownTry ? answerOf(ownTry.error) : null);
  return fine(okWords(link, evidence, 'error' in policy), ...all);
}

/** What is wrong with the role in the account; null for nothing. `refusal`: why AWS did not let the portal assume it. */
async function verdict(
  evidence: Evidence,
  refusal: unknown,
  policy: Settled<TrustPolicy | null>,
): Promise<{
  link: LinkName;
  fault: TrustFault | 'role-missing' | 'trust-unreadable' | 'refused-elsewhere';
  words: string;
} | null> {
  const { roleArn: portalRoleArn } = await evidence.identity();
  const { tenantId } = evidence;
  if ('error' in policy || policy.value === null) {
    // Without the policy there is only AWS's answer: whoever is let in with all three is trusted.
    if (refusal === null) return null;
    if ('error' in policy && Object(policy.error).name === 'NoSuchEntityException')
      return { link: 'trust', fault: 'role-missing', words: 'The role is not there.' };
    return {
      link: 'trust',
      fault: 'trust-unreadable',
      words:
        'AWS does not let the portal assume the role and does not say why. Annex could not read its trust policy either.',
    };
  }
  const fault = trustFault(policy.value, { portalRoleArn, externalId: externalId(tenantId), tenantId });
  if (fault !== null) return { link: linkOf[fault], fault, words: faultWords[fault] };
  if (refusal === null) return null;
  return {
    link: 'trust',
    fault: 'refused-elsewhere',
    words: 'The trust policy names the portal, its external id and its tag, and AWS refuses all the same.',
  };
}

const faultWords: Readonly<Record<TrustFault, string>> = {
  'not-trusted': 'The trust policy of the role does not name the portal’s role.',
  'external-id-wrong': 'The trust policy asks for another external id than this tenant’s.',
  'external-id-not-required': 'The trust policy asks for no external id.',
  'tag-refused': 'The trust policy does not allow a session with this tenant’s tag.',
  'tag-not-required': 'The trust policy does not ask for the tenant’s tag.',
};

function okWords(link: LinkName, { tenantId }: Evidence, unread: boolean): string {
  const seen = unread
    ? ' The trust policy itself could not be read: the role for that is missing in this account.'
    : '';
  if (link === 'trust') return 'Both roles trust the portal.';
  if (link === 'external-id') return `AWS accepts the external id ${externalId(tenantId)}.${seen}`;
  return `AWS accepts the session tag TenantId=${tenantId}.${seen}`;
}

type Settled<T> = { readonly value: T } | { readonly error: unknown };

const settled = async <T>(work: Promise<T>): Promise<Settled<T>> =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
