import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { env } from '@/lib/env';
import { BoundedCache } from './bounded-cache';
import { clientConfig } from './client-config';
import { aws } from './errors';

/** Whose records or resources the credentials reach. */
export type Scope =
  /** The tenant's partition of the pooled stores in the portal's account. */
  | { readonly kind: 'pooled'; readonly tenantId: string }
  /** The tenant's own account. */
  | { readonly kind: 'silo'; readonly tenantId: string; readonly accountId: string };

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A name for `scope` that no other scope has. */
export function scopeKey(scope: Scope): string {
  return scope.kind === 'pooled' ? `pooled/${scope.tenantId}` : `silo/${scope.tenantId}/${scope.accountId}`;
}

/** The SDK itself asks again when less than five minutes are left. */
const renewBeforeMs = 5 * 60_000;

interface Kept {
  readonly credentials: Promise<Credentials>;
  /** Unknown while the role is being assumed. */
  expiresAt: number | null;
}

/**
 * Remembers what `assume` returns until shortly before it expires, for at most `capacity` scopes. Asks once for
 * several who want the same at the same time; a failure is not remembered.
 */
export function rememberCredentials(
  assume: (scope: Scope) => Promise<Credentials>,
  { capacity, now = Date.now }: { readonly capacity: number; readonly now?: () => number },
): (scope: Scope) => Promise<Credentials> {
  const cache = new BoundedCache<Kept>(capacity);
  return (scope) => {
    const key = scopeKey(scope);
    const present = cache.get(key);
    if (present && (present.expiresAt === null || present.expiresAt - renewBeforeMs > now()))
      return present.credentials;
    const kept: Kept = { credentials: assume(scope), expiresAt: null };
    cache.set(key, kept);
    kept.credentials.then(
      ({ expiration }) => {
        kept.expiresAt = expiration.getTime();
      },
      () => cache.drop(key, kept),
    );
    return kept.credentials;
  };
}

/**
 * Credentials of the tenant's role by STS `AssumeRole`, with the tenant's `ExternalId` and the session tag `TenantId`.
 * Throws `dependency_denied` when the role is not there or does not trust us for this tenant.
 */
export const tenantCredentials = rememberCredentials(assumeTenantRole, { capacity: 10_000 });

let sts: STSClient | undefined;

async function assumeTenantRole(scope: Scope): Promise<Credentials> {
  sts ??= new STSClient(clientConfig());
  const client = sts;
  const { ANNEX_TENANT_ROLE_ARN, ANNEX_TENANT_ACCOUNT_ROLE } = env();
  const answer = await aws('assuming the organisation’s AWS role', () =>
    client.send(
      new AssumeRoleCommand({
        RoleArn:
          scope.kind === 'pooled'
            ? ANNEX_TENANT_ROLE_ARN
            : `arn:aws:iam::${scope.accountId}:role/${ANNEX_TENANT_ACCOUNT_ROLE}`,
        RoleSessionName: `annex-${scope.tenantId}`.slice(0, 64),
        ExternalId: externalId(scope.tenantId),
        Tags: [{ Key: 'TenantId', Value: scope.tenantId }],
      }),
    ),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new Error('AssumeRole answered without credentials');
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}

/** What a tenant's roles want as `ExternalId`; AWS does not treat it as a secret. */
export function externalId(tenantId: string): string {
  return `annex-${tenantId}`;
}
