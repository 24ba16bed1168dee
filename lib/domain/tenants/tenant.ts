export const tenantStates = ['active', 'suspended'] as const;
export type TenantState = (typeof tenantStates)[number];

/** A tenant as the control plane knows it. `id` is the slug used in keys, bucket names and tokens. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly state: TenantState;
  /** The tenant's own AWS account; null until it is created. */
  readonly accountId: string | null;
  readonly createdAt: Date;
}
