import type { Actor } from './actor';
import type { ControlPorts, SellerPorts, TenantPorts } from './ports';
import type { Tenant } from './tenants/tenant';

/** The log that verbs write to. */
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

/** Work inside one tenant. Its ports reach only this tenant's records. */
export interface TenantContext extends BaseContext {
  readonly tenant: Tenant;
  readonly ports: TenantPorts;
}

/** Work across tenants. Its ports reach control-plane records, never a tenant's rows. */
export interface ControlContext extends BaseContext {
  readonly ports: ControlPorts;
}

/** Work for one seller. Its ports reach only what belongs to this seller, and never a tenant’s rows. */
export interface SellerContext extends BaseContext {
  readonly seller: { readonly id: string };
  readonly ports: SellerPorts;
}

/** What a person works in: inside the own tenant, across tenants, for a seller, or, with several roles, in more of them. */
export interface PersonContext extends BaseContext {
  readonly tenant: TenantContext | null;
  readonly control: ControlContext | null;
  readonly seller: SellerContext | null;
  /** Why there is no `tenant`, although a role of the person works in one. */
  readonly refusal: string | null;
}
