import { AnnexError } from '@/lib/errors';
import type { Role } from '../actor';
import type { AuditEvent } from '../audit/ports';
import type { ControlContext } from '../context';
import type { Mail } from '../mail/ports';
import type { Onboarding } from '../onboarding/ports';
import type { SignUp, SignUpPool, SignUps, SignUpTerms } from '../signup/ports';
import type { TenantDirectory } from '../tenants/ports';
import type { Tenant } from '../tenants/tenant';
import { World } from './world';

interface PoolUser {
  readonly email: string;
  confirmed: boolean;
  tenantId: string | null;
}

/** People who sign up: their sign-ups, the tenants that they ask for, and the user pool, whose code is always 123456. */
export class SignUpWorld extends World {
  mode: SignUpTerms['mode'] = 'approval';
  readonly signUps = new Map<string, SignUp & { tries: number; resends: number }>();
  readonly tenants = new Map<string, Tenant>();
  readonly onboardings: Onboarding[] = [];
  readonly users = new Map<string, PoolUser>();
  readonly mails: Mail[] = [];
  mailFault: AnnexError | null = null;
  /** Codes that were mailed, by address. */
  readonly codes: string[] = [];
  /** What each client did. */
  readonly taken: string[] = [];

  asControl(role: Role = 'system'): ControlContext {
    return this.controlContext(role, {
      signUp: {
        terms: { current: () => ({ mode: this.mode, contact: null, portal: 'https://annex.example' }) },
        ...this.watchedPorts({ store: this.store, pool: this.pool }),
        limits: { take: async (what, client) => void this.taken.push(`${what} ${client}`) },
      },
      tenants: {
        get: async (id) => this.tenants.get(id) ?? null,
      } as Partial<TenantDirectory> as TenantDirectory,
      mail: {
        send: async (mail) => {
          if (this.mailFault) throw this.mailFault;
          this.mails.push(mail);
        },
      },
    });
  }

  addTenant(id: string, state: Tenant['state'], name = id): void {
    this.tenants.set(id, { id, name, state, accountId: null, createdAt: new Date(this.clock) });
  }

  private readonly store: SignUps = {
    add: async (signUp) => void this.signUps.set(signUp.id, { ...signUp, tries: 0, resends: 0 }),
    get: async (id) => this.signUps.get(id) ?? null,
    ofTenant: async (tenantId) => this.ofTenant(tenantId) ?? null,
    recent: async (email, since) => {
      const found = [...this.signUps.values()].filter(
        (each) => each.email === email && each.createdAt >= since,
      );
      return { count: found.length, known: found.some(({ userId }) => userId === null) };
    },
    count: async (id, what, most) => {
      const signUp = this.signUps.get(id);
      if (!signUp || signUp[what] >= most) return false;
      signUp[what] += 1;
      return true;
    },
    confirm: async (id, at) => this.change(id, { confirmedAt: at }),
    request: async (id, { name, ids }, event) => {
      const known = this.signUps.get(id)?.tenantId;
      if (known) return known;
      const isTaken = [...this.tenants.values()].some(
        (tenant) => tenant.name === name && !['closed', 'declined'].includes(tenant.state),
      );
      if (isTaken) throw new AnnexError('conflict', 'taken', { fields: { organisation: 'taken' } });
      const tenantId = ids.find((each) => !this.tenants.has(each)) ?? '';
      this.addTenant(tenantId, 'requested', name);
      this.change(id, { tenantId, organisation: name });
      this.audit.push(event(tenantId));
      return tenantId;
    },
    decide: async (tenantId, work) => {
      const [tenant, signUp] = [this.tenants.get(tenantId), this.ofTenant(tenantId)];
      if (!tenant || !signUp?.userId) throw new AnnexError('not_found', 'nobody');
      if (tenant.state !== 'requested') throw new AnnexError('conflict', 'decided');
      const decision = await work(tenant, { ...signUp, userId: signUp.userId, tenantId });
      this.tenants.set(tenantId, { ...tenant, state: decision.to });
      if (decision.to === 'active') this.onboardings.push(decision.onboarding);
      this.audit.push(decision.event satisfies AuditEvent);
    },
    expired: async (at, limit) =>
      [...this.signUps.values()]
        .filter(({ tenantId, expiresAt }) => tenantId === null && expiresAt <= at)
        .slice(0, limit),
    remove: async (id) => void this.signUps.delete(id),
  };

  private readonly pool: SignUpPool = {
    passwordFault: async (password) => (password.length < 8 ? 'Too short.' : null),
    signUp: async ({ email }) => {
      const [id, user] = [...this.users].find(([, each]) => each.email === email) ?? [];
      if (user?.confirmed) return null;
      if (id) this.users.delete(id);
      const next = `user-${this.users.size + 1}-${this.signUps.size}`;
      this.users.set(next, { email, confirmed: false, tenantId: null });
      this.codes.push(email);
      return next;
    },
    confirm: async (userId, code) => {
      const user = this.users.get(userId);
      if (user && code === '123456') user.confirmed = true;
      return user?.confirmed ?? false;
    },
    resend: async (userId) => void this.codes.push(this.users.get(userId)?.email ?? ''),
    assign: async (userId, tenantId) => {
      const user = this.users.get(userId);
      if (!user) throw new AnnexError('not_found', 'no user');
      user.tenantId = tenantId;
    },
    remove: async (userId, tenantId) => {
      const owner = this.users.get(userId)?.tenantId ?? null;
      if (owner === null || owner === tenantId) this.users.delete(userId);
    },
  };

  private ofTenant(tenantId: string) {
    return [...this.signUps.values()].find((each) => each.tenantId === tenantId);
  }

  private change(id: string, change: Partial<SignUp>): void {
    const signUp = this.signUps.get(id);
    if (signUp) this.signUps.set(id, { ...signUp, ...change });
  }
}
