/** Every role, with the name that people read. What a role may do: `permissions`. */
const list = [
  { role: 'scientist', name: 'Data scientist' },
  { role: 'member', name: 'Member' },
  { role: 'admin', name: 'Administrator' },
  { role: 'seller', name: 'Seller' },
  { role: 'system', name: 'System' },
] as const;

export type Role = (typeof list)[number]['role'];
export const roles: readonly Role[] = list.map(({ role }) => role);

/** A role that people have, by the Cognito group of that name. `system` is nobody's to have: it is Annex's own worker. */
export type Group = Exclude<Role, 'system'>;
export const groups: readonly Group[] = roles.filter((role) => role !== 'system');

/** The names of the roles that are `held`: `Data scientist, Member`. */
export const namesOfRoles = (held: readonly Role[]): string =>
  list
    .filter(({ role }) => held.includes(role))
    .map(({ name }) => name)
    .join(', ');

/** Who acts. `id` is the Cognito `sub`, or `worker` for the system. */
export interface Actor {
  readonly id: string;
  /** What people see of the actor: an e-mail address or `Annex`. */
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Somebody as records name them. */
export type Person = Pick<Actor, 'id' | 'name'>;

/** Annex itself, as the worker and the command line act. */
export const system: Actor = { id: 'worker', name: 'Annex', roles: ['system'] };
