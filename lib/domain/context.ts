import type { Role } from './authorize';
import type { ControlPorts, TenantPorts } from './ports';

export type TenantState = 'active' | 'suspended';

/** Who acts. `id` is the Cognito `sub`, or `worker` for the system. */
export interface Actor {
  readonly id: string;
  /** What people see of the actor: an e-mail address or `Annex`. */
  readonly name: string;
  readonly roles: readonly Role[];
}

/** A tenant as the control plane knows it. `id` is the slug that stands in keys, bucket names and tokens. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly state: TenantState;
  /** The tenant's own AWS account, once vended. */
  readonly accountId: string | null;
  readonly createdAt: Date;
}

/** What a domain verb may write to the log with. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

interface BaseContext {
  readonly actor: Actor;
  readonly requestId: string;
  readonly log: Log;
  now(): Date;
}

/** Work inside one tenant. Its ports can reach this tenant's records and nothing else. */
export interface TenantContext extends BaseContext {
  readonly tenant: Tenant;
  readonly ports: TenantPorts;
}

/** Work across tenants. Its ports reach control-plane records and never a tenant's rows. */
export interface ControlContext extends BaseContext {
  readonly ports: ControlPorts;
}
