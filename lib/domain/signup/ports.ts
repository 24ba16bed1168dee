import type { AuditEvent } from '../audit/ports';
import type { Onboarding } from '../onboarding/ports';
import type { Tenant } from '../tenants/tenant';

/** How organisations sign up here. */
export interface SignUpTerms {
  /** `approval`: an administrator decides about each organisation. */
  readonly mode: 'closed' | 'approval' | 'open';
  /** Whom to ask while sign-up is closed; null: not said. */
  readonly contact: string | null;
  /** The portal’s address, for mails. */
  readonly portal: string;
}

/** Somebody’s try to sign an organisation up. Its id is known to that person’s browser alone. */
export interface SignUp {
  readonly id: string;
  readonly organisation: string;
  readonly person: string;
  readonly email: string;
  /** The Cognito `sub` of the user that was created; null: the address has a user already, and no code confirms it. */
  readonly userId: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** When the code was entered. */
  readonly confirmedAt: Date | null;
  /** The tenant that was asked for. */
  readonly tenantId: string | null;
}

/** A sign-up that has asked for a tenant. */
export type TenantRequest = SignUp & { readonly userId: string; readonly tenantId: string };

/** What becomes of a requested tenant. */
export type AdmissionDecision =
  | {
      readonly to: 'active';
      readonly planId: string;
      readonly onboarding: Onboarding;
      readonly event: AuditEvent;
    }
  | { readonly to: 'declined'; readonly event: AuditEvent };

/** The sign-ups of everybody. No tenant reaches them. */
export interface SignUps {
  add(signUp: SignUp): Promise<void>;
  get(id: string): Promise<SignUp | null>;
  ofTenant(tenantId: string): Promise<SignUp | null>;
  /** Of an address, in any case of letters, since then: how many sign-ups there are, and whether one found that it has a user. */
  recent(email: string, since: Date): Promise<{ readonly count: number; readonly known: boolean }>;
  /** Counts one more; false, and nothing is counted, if there were `most` already. */
  count(id: string, what: 'tries' | 'resends', most: number): Promise<boolean>;
  confirm(id: string, at: Date): Promise<void>;
  /**
   * Adds a tenant in the state `requested` for a confirmed sign-up, with the audit event, which gets the tenant’s id. `ids` are tried in
   * turn: an id that was ever in use is not given again. Returns the id; that of the first time when called again. Throws `conflict` with
   * the field for a name that an open tenant has.
   */
  request(
    id: string,
    tenant: { readonly name: string; readonly ids: readonly string[] },
    event: (tenantId: string) => AuditEvent,
  ): Promise<string>;
  /**
   * Decides about a requested tenant, in one transaction with the audit event and, of one that is admitted, its onboarding, while nobody
   * else decides. `work` does outside what has to be done there. Throws `not_found`, `conflict` if it is decided already or the plan is
   * retired, and what `work` throws, with nothing stored.
   */
  decide(
    tenantId: string,
    work: (tenant: Tenant, signUp: TenantRequest) => Promise<AdmissionDecision>,
  ): Promise<void>;
  /** Those that have expired by `at` and ask for no tenant. */
  expired(at: Date, limit: number): Promise<readonly SignUp[]>;
  remove(id: string): Promise<void>;
}

/** What people who sign up do in the user pool. */
export interface SignUpPool {
  /** Why the pool’s policy does not take the password, in words; null if it does. */
  passwordFault(password: string): Promise<string | null>;
  /**
   * Creates a user, to whom Amazon Cognito mails a code, in place of one with the address that was never confirmed. Returns its id; null
   * if the address has a user. Throws `invalid` with the field for a password that the pool does not take.
   */
  signUp(user: {
    readonly email: string;
    readonly name: string;
    readonly password: string;
  }): Promise<string | null>;
  /** Whether the code confirms the user, or it is confirmed already. Throws `throttled` after too many wrong ones. */
  confirm(userId: string, code: string): Promise<boolean>;
  /** Mails another code, if the user still needs one. Throws `throttled`. */
  resend(userId: string): Promise<void>;
  /** Makes a user of no tenant, or of this one, its owner. Throws `not_found`, and `conflict` for one of another tenant. */
  assign(userId: string, tenantId: string): Promise<void>;
  /** Removes the user, unless it is one of another tenant than `tenantId`. */
  remove(userId: string, tenantId: string | null): Promise<void>;
}

/** How often one client may sign up and enter codes. */
export interface SignUpLimits {
  /** Throws `throttled`. `client` is a network address. */
  take(what: 'sign-up' | 'code', client: string): Promise<void>;
}

export interface SignUpPorts {
  readonly terms: { current(): SignUpTerms };
  readonly store: SignUps;
  readonly pool: SignUpPool;
  readonly limits: SignUpLimits;
}
