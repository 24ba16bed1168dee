import { findUser, upsertUser } from '@/lib/db/tenants/tenant-directory';
import { controlPorts } from '@/lib/deps';
import type { Tenant } from '@/lib/domain/tenants/tenant';
import type { Identity } from './claims';

/** The database's current state of a signed-in person. */
export interface Person {
  readonly disabled: boolean;
  /** Null when the token names no tenant or an unknown one. */
  readonly tenant: Tenant | null;
}

/** Reads the person's user and tenant rows. Creates a missing user row for somebody with an older session. */
export async function findPerson(identity: Identity): Promise<Person> {
  const [user, tenant] = await Promise.all([findUser(identity.sub), tenantOf(identity)]);
  if (!user) await recordPerson(identity);
  return { disabled: user?.disabledAt != null, tenant };
}

/** Updates the user's row from a token that was just verified. */
export async function recordPerson(identity: Identity): Promise<void> {
  const { sub, email, roles } = identity;
  const tenant = await tenantOf(identity);
  await upsertUser({ sub, email, roles, tenantId: tenant?.id ?? null });
}

async function tenantOf({ tenantId }: Identity): Promise<Tenant | null> {
  return tenantId === null ? null : controlPorts().tenants.get(tenantId);
}
