import { type APIRequestContext, request } from '@playwright/test';
import { type Group, groups } from '@/lib/domain/actor';
import { type Action, permissions } from '@/lib/domain/authorize';
import { PortalClient } from '../../local/seed/portal-client';
import { journeyStack } from '../stack';
import { controlPlane, disableUser, mintTenant, mintUser, password } from '../tenants';
import type { Entry } from './entries';
import type { FurnishedTenant } from './furnish';
import { type Outcome, send, stranger } from './visits';

/** Somebody who asks the portal for things. */
export interface Visitor {
  readonly name: string;
  readonly http: APIRequestContext;
  /** The marker with which pages say that they were made for this person. */
  readonly viewer?: string | undefined;
  /** Null for nobody. */
  readonly role: Group | null;
  readonly state: 'active' | 'shut';
  /** Null for people of no tenant. */
  readonly tenantId: string | null;
}

/**
 * Nobody, a person of each role, and people whose cookies were copied before their tenant was suspended, they signed out, were
 * disabled or got another role. `all: false` is one of a kind.
 */
export async function makeVisitors({ id }: FurnishedTenant, all: boolean): Promise<readonly Visitor[]> {
  const people = await Promise.all(
    groups
      .filter((role) => all || role === 'scientist' || role === 'seller')
      // The scientist takes ids into use, which the owner would find.
      .toSorted((a, b) => Number(b === 'owner') - Number(a === 'owner'))
      .map(async (role): Promise<Visitor> => {
        return makePerson(role, permitted(role, 'tenant.view') ? id : null);
      }),
  );
  const nobody = { name: 'anonymous', http: await stranger(), role: null, state: 'active', tenantId: null };
  return [
    nobody as Visitor,
    ...people,
    await ofSuspendedTenant(),
    await shutOut('signed out', id, ({ http }) => send(http, { method: 'POST', path: '/sign-out' })),
    ...(all
      ? [
          await shutOut('disabled', id, async ({ email }) => {
            await disableUser(email);
            await changeUser(email, 'disabled_at = now()');
          }),
          await shutOut('other role', id, ({ email }) => changeUser(email, "roles = '{member}'")),
        ]
      : []),
  ];
}

/** A signed-in person of the role, in the tenant if there is one. */
export async function makePerson(role: Group, tenantId: string | null): Promise<Visitor> {
  const http = await signedIn(await mintUser(role, tenantId ?? undefined));
  return { name: role, http, role, state: 'active', tenantId, viewer: await viewerOf(http) };
}

async function viewerOf(http: APIRequestContext): Promise<string | undefined> {
  const { cookies } = await http.storageState();
  return cookies.find(({ name }) => name === 'annex.viewer')?.value;
}

async function ofSuspendedTenant(): Promise<Visitor> {
  const { id } = await mintTenant();
  return shutOut('suspended', id, () =>
    controlPlane((client) => client.query("update tenant set state = 'suspended' where id = $1", [id])),
  );
}

/** Whoever copied the cookies of a scientist of the tenant before `end`, and keeps them whatever the portal answers. */
async function shutOut(
  name: string,
  tenantId: string,
  end: (person: { readonly http: APIRequestContext; readonly email: string }) => Promise<unknown>,
): Promise<Visitor> {
  const email = await mintUser('scientist', tenantId);
  const http = await signedIn(email);
  const { cookies } = await http.storageState();
  const cookie = cookies.map((each) => `${each.name}=${each.value}`).join('; ');
  const copy = await request.newContext({ baseURL: journeyStack.origin, extraHTTPHeaders: { cookie } });
  const open = await send(copy, { method: 'GET', path: '/workbench' });
  if (open.outcome !== 'ok') throw new Error(`The copied cookies of ${email} never opened anything.`);
  await end({ http, email });
  return { name, http: copy, role: 'scientist', state: 'shut', tenantId };
}

const changeUser = (email: string, change: string): Promise<void> =>
  controlPlane((client) => client.query(`update app_user set ${change} where email = $1`, [email]));

const signedIn = async (email: string): Promise<APIRequestContext> =>
  (await PortalClient.signedIn(journeyStack.origin, email, password)).http;

/** Whether the role has the permission. */
export const permitted = (role: Group, action: Action): boolean => {
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
