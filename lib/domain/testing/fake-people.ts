import { AnnexError } from '@/lib/errors';
import type { AuditEvent } from '../audit/ports';
import type { PersonChange, TenantPeople, TenantPerson, TenantUserPool } from '../people/ports';
import { ownsNow } from '../people/standing';

/** A person of foo with the id before the address; a scientist who has signed in, unless `more` says otherwise. */
export const somebody = (id: string, more: Partial<TenantPerson> = {}): TenantPerson => ({
  id,
  email: `${id}@foo.example`,
  roles: ['scientist'],
  disabledAt: null,
  lastSeenAt: new Date(0),
  invitedAt: null,
  invitationSentAt: null,
  ...more,
});

/** The people of a tenant and its part of the user pool, in memory. A user’s id is its address before the @. */
export class FakePeople {
  readonly stored = new Map<string, TenantPerson>();
  /** What was done in the user pool. */
  readonly pool: string[] = [];
  /** Users in the pool. */
  readonly users = new Set<string>();
  poolFailure: AnnexError | null = null;
  /** Until the last addition has ended. */
  private adding: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly now: () => Date,
    private readonly audit: AuditEvent[],
  ) {}

  readonly people: TenantPeople = {
    list: async () => ({
      people: [...this.stored.values()],
      first: 1,
      total: this.stored.size,
      next: null,
      previous: null,
    }),
    get: async (id) => this.stored.get(id) ?? null,
    count: async () => this.stored.size,
    add: (email, work) => {
      const added = this.adding.then(async () => {
        const isThere = [...this.stored.values()].some((person) => person.email === email);
        const { person, event } = await work({ count: this.stored.size, isThere });
        const { id, roles } = person;
        if (this.stored.has(id)) return id;
        this.stored.set(id, somebody(id, { email, roles, lastSeenAt: null, invitedAt: this.now() }));
        this.audit.push(event);
        return id;
      });
      this.adding = added.catch(() => {});
      return added;
    },
    forget: async (id, event) => {
      if (this.stored.delete(id)) this.audit.push(event);
    },
    change: async (id, work) => {
      const person = this.stored.get(id);
      if (!person) throw new AnnexError('not_found', 'Nobody.');
      const others = [...this.stored.values()].filter((other) => other.id !== id && ownsNow(other));
      const done = await work(person, others.length);
      if (!done) return;
      this.apply(person, done.change);
      this.audit.push(done.event);
    },
  };

  readonly userPool: TenantUserPool = {
    create: async (email, role) => {
      const id = email.split('@')[0] ?? '';
      await this.done(`create ${email} ${role}`);
      this.users.add(id);
      return { id };
    },
    adopt: (id, role) => this.done(`adopt ${id} ${role}`),
    unfinished: async (email) => {
      const id = email.split('@')[0] ?? '';
      return this.users.has(id) ? { id } : null;
    },
    sendInvitation: (id) => this.done(`send ${id}`),
    setRole: (id, role) => this.done(`role ${id} ${role}`),
    setEnabled: (id, enabled) => this.done(`enabled ${id} ${enabled}`),
    remove: async (id) => {
      await this.done(`remove ${id}`);
      this.users.delete(id);
    },
  };

  private async done(what: string): Promise<void> {
    if (this.poolFailure) throw this.poolFailure;
    this.pool.push(what);
  }

  private apply(person: TenantPerson, change: PersonChange): void {
    const changed = {
      roles: { roles: change.kind === 'roles' ? change.roles : person.roles },
      disabled: { disabledAt: change.kind === 'disabled' && change.disabled ? this.now() : null },
      'invitation sent': { invitationSentAt: this.now() },
      removed: {},
    }[change.kind];
    if (change.kind === 'removed') this.stored.delete(person.id);
    else this.stored.set(person.id, { ...person, ...changed });
  }
}
