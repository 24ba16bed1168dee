import { AnnexError } from '@/lib/errors';
import type { Role } from '../actor';
import type { ControlContext } from '../context';
import type { DatasetName } from '../extracts/ports';
import type {
  NewPolicyVersion,
  PolicyBook,
  PolicyContent,
  PolicyScope,
  PolicyVersion,
  SampleQuery,
} from '../policies/ports';
import type { TenantDirectory } from '../tenants/ports';
import { World } from './world';

/** The control plane's policies, with the tenant of the world alone. */
export class PolicyWorld extends World {
  readonly versions: PolicyVersion[] = [];
  /** What the generated rows were asked. */
  readonly asked: SampleQuery[] = [];
  /** What they answer, in order. */
  answers: Record<string, string | null>[][] = [];

  private readonly book: PolicyBook = {
    summaries: async () => {
      const dataset: DatasetName = 'customers';
      const standard = await this.book.inForce({ dataset, tenantId: null });
      return [{ dataset, standard, overrides: 2, scheduled: 1 }];
    },
    versions: async (scope, limit) => this.ofScope(scope).slice(0, limit),
    inForce: async (scope) => {
      const newest = (tenantId: string | null) =>
        this.ofScope({ ...scope, tenantId }).find(({ begun }) => begun);
      const override = scope.tenantId === null ? undefined : newest(scope.tenantId);
      return (override?.content ? override : newest(null)) ?? null;
    },
    overridden: async () => ({ tenants: [], total: 0 }),
    append: async (version, audit) => {
      if (version.base !== (this.ofScope(version)[0]?.version ?? 0)) {
        throw new AnnexError('conflict', 'somebody was first');
      }
      const number = this.add(version);
      this.audit.push(audit(number));
      return number;
    },
  };

  /** Adds a version, as the store would, and returns its number. */
  add({
    dataset = 'customers',
    tenantId = null,
    content,
    effectiveAt = null,
    note = null,
    author = { id: 'sub-0', name: 'root@xyz.example' },
  }: Partial<NewPolicyVersion> & { readonly content: PolicyContent | null }): number {
    const now = new Date(this.clock);
    const number = 1 + Math.max(0, ...this.versions.map(({ version }) => version));
    this.versions.unshift({
      dataset,
      tenantId,
      version: number,
      content,
      effectiveAt: effectiveAt ?? now,
      begun: effectiveAt === null || effectiveAt <= now,
      note,
      createdAt: now,
      createdBy: author.name,
    });
    return number;
  }

  /** A context across tenants for somebody with this role. */
  as(role: Role): ControlContext {
    const tenants = {
      get: async (id: string) => (id === this.tenant.id ? this.tenant : null),
    } as TenantDirectory;
    const samples = {
      read: async (query: SampleQuery) => {
        this.asked.push(query);
        return this.answers[this.asked.length - 1] ?? [];
      },
    };
    return this.controlContext(role, { policies: this.book, tenants, samples });
  }

  private ofScope({ dataset, tenantId }: PolicyScope): readonly PolicyVersion[] {
    return this.versions.filter((one) => one.dataset === dataset && one.tenantId === tenantId);
  }
}
