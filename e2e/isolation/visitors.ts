import type { APIRequestContext } from '@playwright/test';
import { type Group, groups } from '@/lib/domain/actor';
import { type Action, permissions } from '@/lib/domain/authorize';
import { PortalClient } from '../../local/seed/portal-client';
import { journeyStack } from '../stack';
import { controlPlane, disableUser, mintTenant, mintUser, password } from '../tenants';
import type { Entry } from './entries';
import type { FurnishedTenant } from './furnish';
import { type Outcome, stranger } from './visits';

/** Somebody who asks the portal for things. */
export interface Visitor {
  readonly name: string;
  readonly http: APIRequestContext;
  /** Null for nobody. */
  readonly role: Group | null;
  readonly state: 'active' | 'shut';
  /** Null for people of no tenant. */
  readonly tenantId: string | null;
}

/** Nobody, a person of each role, a person of a suspended tenant, and a disabled person. `all: false` is one of a kind. */
export async function makeVisitors({ id }: FurnishedTenant, all: boolean): Promise<readonly Visitor[]> {
  const people = await Promise.all(
    groups
      .filter((role) => all || role === 'scientist' || role === 'seller')
      .map(async (role): Promise<Visitor> => {
        const tenantId = permitted(role, 'tenant.view') ? id : null;
        const http = await signedIn(await mintUser(role, tenantId ?? undefined));
        return { name: role, http, role, state: 'active', tenantId };
      }),
  );
  const nobody = { name: 'anonymous', http: await stranger(), role: null, state: 'active', tenantId: null };
  return [
    nobody as Visitor,
    ...people,
    await ofSuspendedTenant(),
    ...(all ? [await disabledPerson(id)] : []),
  ];
}

async function ofSuspendedTenant(): Promise<Visitor> {
  const { id } = await mintTenant();
  const http = await signedIn(await mintUser('scientist', id));
  await controlPlane((client) => client.query("update tenant set state = 'suspended' where id = $1", [id]));
  return { name: 'suspended', http, role: 'scientist', state: 'shut', tenantId: id };
}

async function disabledPerson(id: string): Promise<Visitor> {
  const email = await mintUser('scientist', id);
  const http = await signedIn(email);
  await disableUser(email);
  await controlPlane((client) =>
    client.query('update app_user set disabled_at = now() where email = $1', [email]),
  );
  return { name: 'disabled', http, role: 'scientist', state: 'shut', tenantId: id };
}

const signedIn = async (email: string): Promise<APIRequestContext> =>
  (await PortalClient.signedIn(journeyStack.origin, email, password)).http;

const permitted = (role: Group, action: Action): boolean => {
  const allowed: readonly string[] = permissions[action];
  return allowed.includes(role);
};

/** What `visitor` may be answered. `mine`: asked for what is there and belongs to the visitor's tenant. */
export function expectedOutcomes(entry: Entry, { role, state }: Visitor, mine: boolean): readonly Outcome[] {
  const own = entry.own ?? ['ok'];
  if (entry.needs === null) return role === null ? own : (entry.signedIn ?? own);
  if (role === null) return ['sign in'];
  if (state === 'shut') return ['forbidden', 'sign in'];
  if (!permitted(role, entry.needs)) return ['forbidden'];
  return mine ? own : (entry.absent ?? own);
}
