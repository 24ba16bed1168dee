import { headers } from 'next/headers';
import { cache } from 'react';
import { controlContextForSystem, controlPorts, sellerPorts, tenantPorts } from '@/lib/deps';
import type { Actor } from '@/lib/domain/actor';
import { type Action, allows, authorize, refusalIn } from '@/lib/domain/authorize';
import type { ControlContext, PersonContext, SellerContext, TenantContext } from '@/lib/domain/context';
import type { Tenant } from '@/lib/domain/tenants/tenant';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { log } from '@/lib/log';
import { findPerson } from './people';
import { requestIdOf } from './request';
import { type CurrentSession, currentSession, endOfSession } from './session';

interface Standing {
  readonly session: CurrentSession;
  readonly actor: Actor;
  readonly tenant: Tenant | null;
}

/** The id that the portal's server gave this request. */
export const requestId = cache(async (): Promise<string> => requestIdOf(await headers()));

/**
 * Who acts in this request, according to the session and the database's current state. Throws `unauthenticated` when
 * nobody is signed in or the session is over, `forbidden` when the user is disabled or has no role.
 */
const standing = cache(async (): Promise<Standing> => {
  const session = await currentSession();
  if (!session) {
    throw new AnnexError('unauthenticated', refusals[(await endOfSession()) ?? 'signedOut']);
  }
  const { disabled, ended, tenant } = await findPerson(session);
  if (disabled) throw new AnnexError('forbidden', refusals.disabled);
  if (ended) throw new AnnexError('unauthenticated', refusals.ended);
  if (session.roles.length === 0) throw new AnnexError('forbidden', refusals.noRole);
  return { session, tenant, actor: { id: session.sub, name: session.email, roles: session.roles } };
});

/** Who is signed in. Throws `unauthenticated`, or `forbidden` when the user is disabled or has no role. */
export const currentActor = async (): Promise<Actor> => (await standing()).actor;

/**
 * The context of work inside the signed-in person's tenant. Throws `unauthenticated`, or `forbidden` when the person
 * is disabled, or the tenant is missing, unknown or in a state in which `action` is refused, according to the database.
 */
async function tenantContext(action: Action = 'tenant.view'): Promise<TenantContext> {
  const ctx = await ownTenant();
  const refusal = refusalIn(ctx.tenant.state, action);
  if (refusal !== null) throw new AnnexError('forbidden', refusal);
  return ctx;
}

/** As `tenantContext`, in any state of the tenant. */
const ownTenant = cache(async (): Promise<TenantContext> => {
  const { session, actor, tenant } = await standing();
  if (!worksInTenant(actor)) throw new AnnexError('forbidden', refusals.otherRole);
  if (session.tenantId === null) throw new AnnexError('forbidden', refusals.noTenant);
  if (!tenant) throw new AnnexError('forbidden', refusals.unknownTenant);
  return { ...(await base(actor, tenant.id)), tenant, ports: tenantPorts(tenant.id) };
});

/** The context of work across tenants. Throws `unauthenticated`, or `forbidden` when the person is disabled. */
const controlContext = cache(async (): Promise<ControlContext> => {
  const { actor } = await standing();
  return { ...(await base(actor, null)), ports: controlPorts() };
});

/**
 * The context of work for the signed-in person's seller. Throws `unauthenticated`, or `forbidden` when the person is disabled, has
 * another role, or the user pool names no seller.
 */
const sellerContext = cache(async (): Promise<SellerContext> => {
  const { actor, session } = await standing();
  if (!worksForSeller(actor)) throw new AnnexError('forbidden', refusals.otherRole);
  if (session.sellerId === null) throw new AnnexError('forbidden', refusals.noSeller);
  return {
    ...(await base(actor, null)),
    seller: { id: session.sellerId },
    ports: sellerPorts(session.sellerId),
  };
});

/**
 * What the person works in, by all of the roles. Throws as `tenantContext` does for somebody whose roles all work in a tenant; with
 * another role, too, a refusal there leaves the rest.
 */
const personContext = cache(async (): Promise<PersonContext> => {
  const { actor } = await standing();
  const control = worksAcrossTenants(actor) ? await controlContext() : null;
  const [tenant, seller] = await Promise.all([
    worksInTenant(actor) ? orRefusal(tenantContext()) : nothingThere,
    worksForSeller(actor) ? orRefusal(sellerContext()) : nothingThere,
  ]);
  const refused = tenant.refused ?? seller.refused;
  if (refused && !control && !tenant.ctx && !seller.ctx) throw refused;
  return {
    ...(await base(actor, tenant.ctx?.tenant.id ?? null)),
    tenant: tenant.ctx,
    control,
    seller: seller.ctx,
    refusal: refused?.message ?? null,
  };
});

const nothingThere = { ctx: null, refused: null };

async function orRefusal<C>(
  ctx: Promise<C>,
): Promise<{ readonly ctx: C | null; readonly refused: AnnexError | null }> {
  try {
    return { ctx: await ctx, refused: null };
  } catch (error) {
    if (!isAnnexError(error, 'forbidden')) throw error;
    return { ctx: null, refused: error };
  }
}

/** The context in which the portal itself acts for somebody who may be nobody yet. Its verbs have to guard what they do. */
export const openContext = cache(
  async (): Promise<ControlContext> => controlContextForSystem(await requestId()),
);

interface Contexts {
  readonly tenant: TenantContext;
  readonly control: ControlContext;
  readonly seller: SellerContext;
  readonly person: PersonContext;
}

export type Scope = keyof Contexts;
export type ContextOf<S extends Scope> = Contexts[S];

/** What a page, action or route requires of its caller. A test checks all of them by it. */
export interface Access<S extends Scope> {
  readonly action: Action;
  readonly scope: S;
}

const outsideTenants = { control: controlContext, seller: sellerContext, person: personContext };

/** The context of `access.scope`, for a person whose role includes `access.action`. Throws `unauthenticated` or `forbidden`. */
export async function contextFor<S extends Scope>(access: Access<S>): Promise<ContextOf<S>> {
  if (access.scope !== 'tenant') {
    const ctx = await outsideTenants[access.scope as Exclude<Scope, 'tenant'>]();
    authorize(ctx.actor, access.action, null);
    return ctx as ContextOf<S>;
  }
  const ctx = await tenantContext(access.action);
  authorize(ctx.actor, access.action, ctx.tenant.state);
  return ctx as ContextOf<S>;
}

/** Whether the signed-in person’s tenant is being closed, and the person may still export its data. */
export async function mayExport(): Promise<boolean> {
  const { actor, tenant } = await standing();
  return tenant?.state === 'closing' && allows(actor, 'tenant.export');
}

/** Why the signed-in person may not see a page, for the page that explains it. */
export async function refusalReason(): Promise<string> {
  try {
    const { actor } = await standing();
    if (worksInTenant(actor)) await tenantContext();
    if (worksForSeller(actor)) await sellerContext();
  } catch (error) {
    if (error instanceof AnnexError) return error.message;
    throw error;
  }
  return refusals.otherRole;
}

async function base(actor: Actor, tenant: string | null) {
  const request = await requestId();
  return {
    actor,
    requestId: request,
    log: log.child({ request, actor: actor.id, ...(tenant !== null && { tenant }) }),
    now: () => new Date(),
  };
}

const worksInTenant = (actor: Actor): boolean => allows(actor, 'tenant.view');
const worksAcrossTenants = (actor: Actor): boolean => allows(actor, 'tenants.overview');
const worksForSeller = (actor: Actor): boolean => allows(actor, 'listings.view');

const refusals = {
  signedOut: 'You are not signed in. Sign in, then try again.',
  expired: 'Your session has expired. Sign in again. Everything you saved is kept.',
  changed: 'Your access has changed. Sign in again to work with it. Everything you saved is kept.',
  ended: 'Your session has ended. Sign in again. Everything you saved is kept.',
  disabled: 'Your user is disabled. Ask your administrator to enable it, then sign in again.',
  noRole:
    'Your user has no role in Annex yet. Ask your administrator to add it to a group, then sign in again.',
  noTenant:
    'Your user isn’t assigned to an organisation. Ask your administrator to assign it, then sign in again.',
  unknownTenant:
    'Annex doesn’t know your organisation. Ask your administrator to check your user, then sign in again.',
  noSeller: 'Your user isn’t assigned to a seller. Ask your administrator to assign it, then sign in again.',
  otherRole: 'Your role doesn’t include this page. Ask your administrator if you need access.',
} as const;
