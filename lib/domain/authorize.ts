import { AnnexError } from '@/lib/errors';
import type { Actor, Role } from './actor';
import { type TenantState, tenantRefusals } from './tenants/tenant';

/** An owner may do what the tenant’s other people may: a new tenant has nobody else. */
const scientists = ['owner', 'scientist'] as const;
const everybody = ['owner', 'scientist', 'member'] as const;

/** Every action and the roles that may perform it. `authorize` refuses actions that are not listed. */
export const permissions = {
  // The start page of everybody; each part of it asks for more.
  'overview.view': [...everybody, 'admin', 'seller'],
  'tenant.view': [...everybody, 'system'],
  'customers.list': everybody,
  'customers.view': everybody,
  'customers.export': everybody,
  'orders.import': [...scientists, 'system'],
  'churn.refit': ['system'],
  'scores.sweep': ['system'],
  'workbench.view': scientists,
  'workbench.request': [...scientists, 'system'],
  'workbench.retry': [...scientists, 'system'],
  'workbench.advance': ['system'],
  'workbench.sweep': ['system'],
  'studio.launch': scientists,
  // What runs in the tenant’s account and costs by the hour.
  'running.view': [...scientists, 'system'],
  'running.stop': [...scientists, 'system'],
  'running.set-idle': scientists,
  'doctor.view': scientists,
  'doctor.run': scientists,
  'datasets.list': scientists,
  'extracts.list': scientists,
  'extracts.view': scientists,
  'extracts.preview': scientists,
  'extracts.submit': scientists,
  'extracts.cancel': scientists,
  'extracts.retry': scientists,
  'extracts.download': scientists,
  'extracts.advance': ['system'],
  'extracts.sweep': ['system'],
  'models.view': scientists,
  'models.test': scientists,
  'models.activate': scientists,
  'models.roll-back': ['system'],
  'scores.view': scientists,
  'scores.run': scientists,
  'scores.refresh': ['system'],
  'scores.look': ['system'],
  'scores.compare': ['system'],
  'monitoring.view': scientists,
  'people.list': ['owner'],
  'people.invite': ['owner'],
  'people.send-invitation': ['owner'],
  'people.change-role': ['owner'],
  'people.set-access': ['owner'],
  'people.remove': ['owner'],
  // What everybody did: in the own tenant, and in all of them.
  'audit.view': ['owner'],
  'audit.list': ['admin'],
  'audit.verify': ['system'],
  'tenants.list': ['admin'],
  'tenants.overview': ['admin'],
  'tenants.onboard': ['admin'],
  'tenants.advance-onboarding': ['system'],
  'tenants.view': ['admin'],
  // People who sign up are nobody yet: the portal acts for them.
  'sign-up.start': ['system'],
  'sign-up.confirm': ['system'],
  'sign-up.expire': ['system'],
  'tenants.approve': ['admin'],
  'tenants.decline': ['admin'],
  'tenants.close': ['admin'],
  'tenants.advance-closing': ['system'],
  // Of all that the tenant has in the database, also while it is being closed.
  'tenant.export': ['owner'],
  'tenants.diagnose': ['admin'],
  'tenants.suspend': ['admin'],
  'tenants.resume': ['admin'],
  'tenants.quiet': ['system'],
  'quotas.view': ['owner'],
  'plans.list': ['admin'],
  'plans.view': ['admin'],
  'plans.create': ['admin'],
  'plans.change': ['admin'],
  'plans.assign': ['admin'],
  'plans.retire': ['admin'],
  'policies.list': ['admin'],
  'policies.view': ['admin'],
  'policies.change': ['admin'],
  'tenants.provision': ['system'],
  // What tenants cost: by the bill, and by what Annex measured.
  'costs.view': ['owner'],
  'costs.list': ['admin'],
  'costs.refresh': ['system'],
  'costs.sweep': ['system'],
  'costs.measure': ['system'],
  'costs.warn': ['system'],
  'queues.view': ['admin'],
  'queues.redrive': ['admin'],
  'queues.discard': ['admin'],
  'people.disable': ['system'],
  'people.enable': ['system'],
  // What is sold on AWS Marketplace, and what the tenant has subscribed to.
  'market.view': scientists,
  'subscriptions.view': scientists,
  'subscriptions.retry': scientists,
  'subscriptions.provision': ['system'],
  'subscriptions.advance': ['system'],
  'listings.view': ['seller'],
  'sold.view': ['seller'],
  'listings.create': ['seller'],
  'listings.change': ['seller'],
  'listings.publish': ['seller'],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof permissions;

/** Whether the actor's roles allow `action`, for deciding what a page offers. Only `authorize` grants access. */
export function allows({ roles }: Pick<Actor, 'roles'>, action: Action): boolean {
  const allowed: readonly Role[] = permissions[action];
  return roles.some((role) => allowed.includes(role));
}

/** What the people of a tenant may still do while it is being closed. */
const whileClosing: ReadonlySet<Action> = new Set(['tenant.export']);

/** Why `action` is not open to the people of a tenant in that state; null if it is. */
export const refusalIn = (state: TenantState, action: Action): string | null =>
  state === 'active' || (state === 'closing' && whileClosing.has(action)) ? null : tenantRefusals[state];

/**
 * Refuses an actor whose roles do not allow `action`. For a tenant that is not active, refuses everybody but the system. Throws
 * `forbidden`. Unknown roles and actions are refused.
 */
export function authorize(actor: Actor, action: Action, tenantState: TenantState | null): void {
  const allowed: readonly string[] = Object.hasOwn(permissions, action) ? permissions[action] : [];
  if (!actor.roles.some((role) => allowed.includes(role))) {
    throw new AnnexError(
      'forbidden',
      'Your role doesn’t allow this. Ask your administrator if you need access.',
    );
  }
  if (tenantState === null || actor.roles.includes('system')) return;
  const refusal = refusalIn(tenantState, action);
  if (refusal !== null) throw new AnnexError('forbidden', refusal);
}
