import type { Actor } from './actor';
import type { ControlPorts, TenantPorts } from './ports';
import type { Tenant } from './tenants/tenant';

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
