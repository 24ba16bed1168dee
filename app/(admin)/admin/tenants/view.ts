import { type SortDirection, sortDirections } from '@/lib/domain/sort-direction';
import { type TenantHealth, type TenantSort, tenantHealths, tenantSorts } from '@/lib/domain/tenants/ports';
import { usualDirection } from '@/lib/domain/tenants/schemas';
import { type TenantState, tenantStates } from '@/lib/domain/tenants/tenant';
import { type AddressParams, firstOf, withParams } from '../../../_components/address';
import { tenantsPage } from './page-info';

/** The search, filter, order and page that an address of the list asks for. */
export interface TenantsView {
  readonly sort: TenantSort;
  readonly direction: SortDirection;
  readonly state?: TenantState | undefined;
  /** Id of a plan. */
  readonly plan?: string | undefined;
  readonly health?: TenantHealth | undefined;
  readonly search?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Reads an address. Ignores an unknown order or state; the verb validates the rest. */
export function readView(params: AddressParams): TenantsView {
  const [sortText, directionText] = (firstOf(params.order) ?? '').split('-');
  const sort = tenantSorts.find((each) => each === sortText) ?? 'name';
  return {
    sort,
    direction: sortDirections.find((each) => each === directionText) ?? usualDirection[sort],
    state: tenantStates.find((each) => each === firstOf(params.state)),
    plan: firstOf(params.plan) || undefined,
    health: tenantHealths.find((each) => each === firstOf(params.health)),
    search: firstOf(params.q)?.trim() || undefined,
    cursor: firstOf(params.cursor) || undefined,
  };
}

/** The address of `view`, without default values. */
export function viewHref(view: TenantsView, path = tenantsPage.path): string {
  const params = new URLSearchParams();
  if (view.search) params.set('q', view.search);
  if (view.state) params.set('state', view.state);
  if (view.plan) params.set('plan', view.plan);
  if (view.health) params.set('health', view.health);
  const order = orderOf(view);
  if (order !== 'name-asc') params.set('order', order);
  if (view.cursor) params.set('cursor', view.cursor);
  return withParams(path, params);
}

/** `name-asc`: an order as written in addresses and in the form. */
export const orderOf = ({ sort, direction }: Pick<TenantsView, 'sort' | 'direction'>): string =>
  `${sort}-${direction}`;

/** What the doctor found, as the form lists it. */
export const healthWords: Readonly<Record<TenantHealth, string>> = {
  ok: 'Nothing fails',
  failing: 'A link fails',
  unseen: 'Never looked at',
};

/** Labels of the orders, as the form lists them. */
const orderWords: Readonly<Record<`${TenantSort}-${SortDirection}`, string>> = {
  'name-asc': 'Name, A to Z',
  'name-desc': 'Name, Z to A',
  'since-desc': 'Newest first',
  'since-asc': 'Oldest first',
};

/** Every order with its label. */
export const orders: readonly (readonly [order: string, words: string])[] = Object.entries(orderWords);
