import { env } from '@/lib/env';
import type { Credentials } from '../core/credentials';
import {
  assumeDoctorRole,
  assumeTenantRole,
  callerIdentity,
  type Identity,
  rolesOf,
  trustPolicyOf,
} from './sessions';
import type { TrustPolicy } from './trust-policy';

/** What the links of one examination share. Each is asked for once, when the first link needs it; a failure stays one. */
export interface Evidence {
  readonly tenantId: string;
  /** Only for links that need an account. */
  readonly accountId: string;
  identity(): Promise<Identity>;
  pooledSession(): Promise<Credentials>;
  tenantSession(): Promise<Credentials>;
  doctorSession(): Promise<Credentials>;
  /** The trust policy of the tenant's role; null when AWS's answer is none. */
  trustPolicy(): Promise<TrustPolicy | null>;
}

export function gather(tenantId: string, accountId: string | null): Evidence {
  const account = accountId ?? '';
  const doctorSession = once(() => assumeDoctorRole(tenantId, account));
  return {
    tenantId,
    accountId: account,
    identity: once(callerIdentity),
    pooledSession: once(() => assumeTenantRole(tenantId, env().ANNEX_TENANT_ROLE_ARN)),
    tenantSession: once(() => assumeTenantRole(tenantId, rolesOf(account).tenant)),
    doctorSession,
    trustPolicy: once(async () => trustPolicyOf(await doctorSession(), env().ANNEX_TENANT_ACCOUNT_ROLE)),
  };
}

export function once<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}
