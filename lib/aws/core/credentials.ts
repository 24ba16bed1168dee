import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { env } from '@/lib/env';
import { memo } from '@/lib/memo';
import { clientConfig } from './client-config';
import { aws } from './errors';
import { watched } from './watched';

/** Which records or resources the credentials may access. */
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

/** A key that is unique to `scope`. */
export function scopeKey(scope: Scope): string {
  return scope.kind === 'pooled' ? `pooled/${scope.tenantId}` : `silo/${scope.tenantId}/${scope.accountId}`;
}

/** Like the SDK, which asks for new credentials when less than five minutes are left. */
const renewBeforeMs = 5 * 60_000;

/**
 * Remembers the credentials from `assume` until shortly before they expire, for at most `capacity` scopes. Concurrent
 * callers for one scope share one call. Failures are not remembered.
 */
export function rememberCredentials(
  assume: (scope: Scope) => Promise<Credentials>,
  options: { readonly capacity: number; readonly now?: () => number },
): (scope: Scope) => Promise<Credentials> {
  return memo(assume, {
    ...options,
    keyOf: scopeKey,
    until: ({ expiration }) => expiration.getTime() - renewBeforeMs,
  });
}

/**
 * Credentials of the tenant's role from STS `AssumeRole`, with the tenant's `ExternalId` and the session tag `TenantId`.
 * Throws `dependency_denied` when the role does not exist or does not trust the portal for this tenant.
 */
export const tenantCredentials = rememberCredentials(assumeTenantRole, { capacity: 10_000 });

let sts: STSClient | undefined;

async function assumeTenantRole(scope: Scope): Promise<Credentials> {
  sts ??= watched(new STSClient(clientConfig()));
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

/** The `ExternalId` that a tenant's roles require. AWS does not treat it as a secret. */
export function externalId(tenantId: string): string {
  return `annex-${tenantId}`;
}
