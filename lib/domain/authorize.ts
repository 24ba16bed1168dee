import { AnnexError } from '@/lib/errors';
import type { Actor, Role } from './actor';
import type { TenantState } from './tenants/tenant';

/** Every action and the roles that may perform it. `authorize` refuses actions that are not listed. */
export const permissions = {
  // The start page of everybody; each part of it asks for more.
  'overview.view': ['scientist', 'member', 'admin', 'seller'],
  'tenant.view': ['scientist', 'member', 'system'],
  'customers.list': ['scientist', 'member'],
  'customers.view': ['scientist', 'member'],
  'customers.export': ['scientist', 'member'],
  'orders.import': ['scientist', 'system'],
  'churn.refit': ['system'],
  'scores.sweep': ['system'],
  'workbench.view': ['scientist'],
  'workbench.request': ['scientist'],
  'workbench.retry': ['scientist'],
  'workbench.advance': ['system'],
  'workbench.sweep': ['system'],
  'studio.launch': ['scientist'],
  'datasets.list': ['scientist'],
  'extracts.list': ['scientist'],
  'extracts.view': ['scientist'],
  'extracts.preview': ['scientist'],
  'extracts.submit': ['scientist'],
  'extracts.cancel': ['scientist'],
  'extracts.retry': ['scientist'],
  'extracts.download': ['scientist'],
  'extracts.advance': ['system'],
  'extracts.sweep': ['system'],
  'models.view': ['scientist'],
  'models.test': ['scientist'],
  'models.activate': ['scientist'],
  'models.roll-back': ['system'],
  'scores.view': ['scientist'],
  'scores.run': ['scientist'],
  'scores.refresh': ['system'],
  'scores.look': ['system'],
  'scores.compare': ['system'],
  'monitoring.view': ['scientist'],
  'tenants.list': ['admin'],
  'tenants.overview': ['admin'],
  'policies.list': ['admin'],
  'policies.view': ['admin'],
  'policies.change': ['admin'],
  'tenants.provision': ['system'],
  'people.disable': ['system'],
  'people.enable': ['system'],
  'listings.view': ['seller'],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof permissions;

/** Whether the actor's roles allow `action`, for deciding what a page offers. Only `authorize` grants access. */
export function allows({ roles }: Pick<Actor, 'roles'>, action: Action): boolean {
  const allowed: readonly Role[] = permissions[action];
  return roles.some((role) => allowed.includes(role));
}

/**
 * Refuses an actor whose roles do not allow `action`. For a suspended tenant, refuses everybody but the system. Throws
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
  if (tenantState === 'suspended' && !actor.roles.includes('system')) {
    throw new AnnexError(
      'forbidden',
      'Your organisation is suspended. Your data is kept. Contact your administrator.',
    );
  }
}
