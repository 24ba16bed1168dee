import { AnnexError } from '@/lib/errors';
import type { Provisioned, WorkbenchProvisioner, WorkbenchVariant } from '../workbench/ports';

interface Part {
  state: 'running' | 'failed' | 'done';
  /** Its state from `dueAt` (ms) on. */
  becomes: 'failed' | 'done';
  dueAt: number;
}

interface Product extends Part {
  readonly token: string;
  accountId: string | null;
  leaving: boolean;
}

export const standard: WorkbenchVariant = {
  id: 'prod-standard',
  artifactId: 'pa-1',
  name: 'Standard',
  description: 'For most',
  parameters: [
    {
      key: 'InstanceType',
      label: 'Instance type',
      description: '',
      defaultValue: 'ml.t3.medium',
      allowedValues: ['ml.t3.medium', 'ml.m5.xlarge'],
    },
    { key: 'Note', label: 'Note', description: '', defaultValue: 'none', allowedValues: [] },
  ],
};

/** As much of AWS as one tenant's workbench needs, with its own clock. Parts become ready by themselves as time passes. */
export class FakeAws {
  /** Every account ever created. */
  readonly accounts: string[] = [];
  readonly stepMs = 3000;
  /** How many of the next tries of each part fail. */
  readonly failures = { account: 0, baseline: 0, domain: 0 };
  product: Product | null = null;
  stack: (Part & { readonly operation: string }) | null = null;
  studioDomain: Part | null = null;
  readonly operations = new Set<string>();
  /** Thrown by the provisioner's next calls, one per call. */
  readonly refusals: AnnexError[] = [];

  constructor(private readonly now: () => number) {}

  readonly provisioner: WorkbenchProvisioner = {
    provisionAccount: async ({ token }) => {
      this.turn();
      if (this.product?.token === token) return;
      if (this.product) throw new AnnexError('conflict', 'taken');
      this.product = { ...this.part('account'), token, accountId: null, leaving: false };
    },
    account: async (token): Promise<Provisioned<{ accountId: string }>> => {
      this.turn();
      const { product } = this;
      if (!product) return { state: 'absent' };
      if (product.leaving || product.state === 'running') return { state: 'running' };
      if (product.accountId !== null) return { state: 'done', accountId: product.accountId };
      return product.token === token ? { state: 'failed', reason: 'no account' } : { state: 'absent' };
    },
    discardFailedAccount: async () => {
      this.turn();
      if (this.product?.state !== 'failed' || this.product.leaving) return;
      this.product.leaving = true;
      this.product.dueAt = this.now() + this.stepMs;
    },
    baseline: async (_accountId, retryToken) => {
      this.turn();
      if (!this.stack) return { state: 'absent' };
      if (retryToken === this.stack.operation && this.stack.state === 'running') return { state: 'running' };
      return this.stack.state === 'failed'
        ? { state: 'failed', reason: 'no stack' }
        : { state: this.stack.state };
    },
    retryBaseline: async (_accountId, token) => {
      this.turn();
      if (this.operations.has(token)) return;
      this.operations.add(token);
      this.deploy(token);
    },
    domain: async () => {
      this.turn();
      if (!this.studioDomain) return { state: 'absent' };
      if (this.studioDomain.state === 'done') return { state: 'done', domainId: 'd-1' };
      return this.studioDomain.state === 'failed'
        ? { state: 'failed', reason: 'no domain' }
        : { state: 'running' };
    },
  };

  /** Brings every part to its state at the current time. */
  private turn(): void {
    if (this.product?.leaving && this.now() >= this.product.dueAt) this.product = null;
    if (this.product && this.come(this.product)) {
      this.product.accountId = `${111_111_111_111 + this.accounts.length}`;
      this.accounts.push(this.product.accountId);
      this.deploy('auto');
    }
    if (this.stack && this.come(this.stack) && this.studioDomain?.state !== 'done') {
      this.studioDomain = this.part('domain');
    }
    if (this.studioDomain) this.come(this.studioDomain);
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
  }

  /** Whether the part became ready just now. */
  private come(part: Part): boolean {
    if (part.state !== 'running' || this.now() < part.dueAt) return false;
    part.state = part.becomes;
    return part.state === 'done';
  }

  private deploy(operation: string): void {
    this.stack = { ...this.part('baseline'), operation };
  }

  private part(name: keyof FakeAws['failures']): Part {
    const fails = this.failures[name] > 0;
    if (fails) this.failures[name] -= 1;
    return { state: 'running', becomes: fails ? 'failed' : 'done', dueAt: this.now() + this.stepMs };
  }
}
