/** Cognito groups, and `system` for Annex's own worker. */
export const roles = ['scientist', 'member', 'admin', 'seller', 'system'] as const;
export type Role = (typeof roles)[number];

/** Who acts. `id` is the Cognito `sub`, or `worker` for the system. */
export interface Actor {
  readonly id: string;
  /** What people see of the actor: an e-mail address or `Annex`. */
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Annex itself, as the worker and the command line act. */
export const system: Actor = { id: 'worker', name: 'Annex', roles: ['system'] };
