import type { Group, TenantRole } from '../actor';
import type { AuditEvent } from '../audit/ports';

/** Somebody of the tenant. */
export interface TenantPerson {
  /** The Cognito `sub`. */
  readonly id: string;
  readonly email: string;
  readonly roles: readonly Group[];
  readonly disabledAt: Date | null;
  /** Null: invited, and never signed in. */
  readonly lastSeenAt: Date | null;
  /** Null for people who were not invited through Annex. */
  readonly invitedAt: Date | null;
  /** When a temporary password was last mailed. */
  readonly invitationSentAt: Date | null;
}

export interface PeoplePage {
  readonly people: readonly TenantPerson[];
  /** Rank of the first, from 1, among `total`. */
  readonly first: number;
  readonly total: number;
  readonly next: string | null;
  readonly previous: string | null;
}

/** What becomes of a person. */
export type PersonChange =
  | { readonly kind: 'roles'; readonly roles: readonly Group[] }
  | { readonly kind: 'disabled'; readonly disabled: boolean }
  | { readonly kind: 'invitation sent'; readonly at: Date }
  | { readonly kind: 'removed' };

/** The tenant's own people: those who have signed in, and those who were invited. */
export interface TenantPeople {
  /** Sorted by address; `cursor` is the `next` or `previous` of another page. */
  list(page: { readonly cursor?: string | undefined; readonly limit: number }): Promise<PeoplePage>;
  get(id: string): Promise<TenantPerson | null>;
  count(): Promise<number>;
  /**
   * Adds somebody with that address, with the audit event, while nobody else changes people of the tenant; somebody who is there stays.
   * `work` is given how many people there are, and whether one of them has the address; it creates the user in the user pool. Returns the
   * id. Throws what `work` throws, with nothing stored.
   */
  add(
    email: string,
    work: (present: { readonly count: number; readonly isThere: boolean }) => Promise<{
      readonly person: {
        readonly id: string;
        readonly roles: readonly Group[];
        readonly invitedBy: string;
      };
      readonly event: AuditEvent;
    }>,
  ): Promise<string>;
  /** Removes the row of somebody whose user is gone from the pool, with the audit event, if the row is still there. */
  forget(id: string, event: AuditEvent): Promise<void>;
  /**
   * Changes a person, in one transaction with the audit event, while nobody else changes people of the tenant. `work` is given the
   * person and how many others are owners who can sign in and have done so; it does in the user pool what has to be done there, and
   * returns what to store, or null for nothing. Throws `not_found` for nobody of the tenant, and what `work` throws, with nothing stored.
   */
  change(
    id: string,
    work: (
      person: TenantPerson,
      otherOwners: number,
    ) => Promise<{ readonly change: PersonChange; readonly event: AuditEvent } | null>,
  ): Promise<void>;
}

/** The people of any tenant, for administrators. */
export interface PeopleOfTenants {
  /** As `TenantPeople.list`. */
  list(
    tenantId: string,
    page: { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<PeoplePage>;
}

/** The tenant's part of the user pool. Nobody else's users can be reached through it: each method throws `not_found` for them. */
export interface TenantUserPool {
  /**
   * Creates a user of the tenant with the role, and tells nobody yet. Returns the one that an interrupted invitation left behind.
   * A user with the address who signed up and was never confirmed is nobody’s, and is replaced. Throws `conflict` if the address belongs to
   * another user.
   */
  create(email: string, role: TenantRole): Promise<{ readonly id: string }>;
  /** Makes somebody who signed up, and has no tenant or this one, a user of the tenant with the role. Throws `conflict` for one of another. */
  adopt(id: string, role: TenantRole): Promise<void>;
  /** The user with that address whom nobody has signed in as yet; null for none, and for one of another tenant. */
  unfinished(email: string): Promise<{ readonly id: string } | null>;
  /** Mails a new temporary password, which lasts seven days. Throws `conflict` for somebody who has a password already. */
  sendInvitation(id: string): Promise<void>;
  /** Gives the user `role` in place of the other roles of a tenant. */
  setRole(id: string, role: TenantRole): Promise<void>;
  setEnabled(id: string, enabled: boolean): Promise<void>;
  /** Removes the user, if it is still there. */
  remove(id: string): Promise<void>;
}
