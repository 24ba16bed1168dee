export const tenantStates = ['requested', 'declined', 'active', 'suspended', 'closing', 'closed'] as const;
export type TenantState = (typeof tenantStates)[number];

/** Whether the tenant rests: work that nobody asked for now, such as scoring, is left alone: there is nobody to see its results. */
export const isResting = (state: TenantState): boolean =>
  state === 'suspended' || state === 'closing' || state === 'closed';

/** A tenant as the control plane knows it. `id` is the slug used in keys, bucket names and tokens. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly state: TenantState;
  /** The tenant's own AWS account; null until it is created. */
  readonly accountId: string | null;
  readonly createdAt: Date;
}

/** Why the people of a tenant that is not active are refused. */
export const tenantRefusals: Readonly<Record<Exclude<TenantState, 'active'>, string>> = {
  requested: 'Your organisation waits for approval. You get a mail once an administrator has decided.',
  declined: 'Your organisation was not admitted. Contact your administrator.',
  suspended: 'Your organisation is suspended. Its data is kept. Contact your administrator.',
  closing: 'Your organisation is being closed. Contact your administrator.',
  closed: 'Your organisation is closed. Contact your administrator.',
};
