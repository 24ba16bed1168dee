/** Every role, with the name that people see. `permissions` says what each role may do. */
const list = [
  { role: 'scientist', name: 'Data scientist' },
  { role: 'member', name: 'Member' },
  { role: 'owner', name: 'Owner' },
  { role: 'admin', name: 'Administrator' },
  { role: 'seller', name: 'Seller' },
  { role: 'system', name: 'System' },
] as const;

export type Role = (typeof list)[number]['role'];
export const roles: readonly Role[] = list.map(({ role }) => role);

/** A role that people can have, through the Cognito group of that name. Only Annex's own worker has `system`. */
export type Group = Exclude<Role, 'system'>;
export const groups: readonly Group[] = roles.filter((role) => role !== 'system');

/** The roles that work inside a tenant, which its owners give. */
export const tenantRoles = ['owner', 'scientist', 'member'] as const satisfies readonly Group[];
export type TenantRole = (typeof tenantRoles)[number];

/** The names of the roles that are `held`: `Data scientist, Member`. */
export const namesOfRoles = (held: readonly Role[]): string =>
  list
    .filter(({ role }) => held.includes(role))
    .map(({ name }) => name)
    .join(', ');

/** Who acts. `id` is the Cognito `sub`, or `worker` for the system. */
export interface Actor {
  readonly id: string;
  /** The name that people see: an e-mail address or `Annex`. */
  readonly name: string;
  readonly roles: readonly Role[];
}

/** A person or the system, as records name them. */
export type Person = Pick<Actor, 'id' | 'name'>;

/** Annex itself: the actor of the worker and the command line. */
export const system: Actor = { id: 'worker', name: 'Annex', roles: ['system'] };
