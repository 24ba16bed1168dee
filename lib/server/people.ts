import { findUser, upsertUser } from '@/lib/db/tenants/tenant-directory';
import { controlPorts } from '@/lib/deps';
import type { Tenant } from '@/lib/domain/tenants/tenant';
import type { Identity } from './claims';

/** What the database says now about somebody who is signed in. */
export interface Person {
  readonly disabled: boolean;
  /** Null when the token names no tenant, or one that does not exist. */
  readonly tenant: Tenant | null;
}

/** Reads the person's user and tenant rows. Makes the user row of somebody who was signed in before it was there. */
export async function findPerson(identity: Identity): Promise<Person> {
  const [user, tenant] = await Promise.all([findUser(identity.sub), tenantOf(identity)]);
  if (!user) await recordPerson(identity);
  return { disabled: user?.disabledAt != null, tenant };
}

/** Writes who somebody is, by a token that was just verified, to the user's row. */
export async function recordPerson(identity: Identity): Promise<void> {
  const { sub, email, roles } = identity;
  const tenant = await tenantOf(identity);
  await upsertUser({ sub, email, roles, tenantId: tenant?.id ?? null });
}

async function tenantOf({ tenantId }: Identity): Promise<Tenant | null> {
  return tenantId === null ? null : controlPorts().tenants.get(tenantId);
}
