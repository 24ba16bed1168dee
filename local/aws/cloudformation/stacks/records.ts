import { createHash } from 'node:crypto';
import type { Caller, StandIn } from '@/local/aws/core/service';

export interface ResourceState {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  /** E.g. `CREATE_COMPLETE`. */
  readonly status: string;
  readonly reason: string | null;
  /** As its functions gave them. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, string>>;
  /** Goes up by one each time it is replaced. */
  readonly generation: number;
  readonly retained: boolean;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** What a stack is made of. */
export interface Blueprint {
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
}

/** What goes on with a stack. Each step is repeatable. */
export interface StackWork {
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly phase: 'forward' | 'rollback' | 'cleanup';
  /** In whose name. */
  readonly caller: Caller;
  readonly target: Blueprint;
  /** How it was before. */
  readonly before: Blueprint | null;
  readonly beforeResources: Readonly<Record<string, ResourceState>>;
  /** Resources that are as they should be, in the order in which they became so. */
  readonly done: readonly string[];
  /** What is to be deleted at the end. */
  readonly garbage: readonly ResourceState[];
  readonly failed: readonly string[];
  readonly reason: string | null;
}

export interface StackRecord extends Blueprint {
  readonly stackId: string;
  readonly name: string;
  readonly accountId: string;
  readonly status: string;
  readonly reason: string | null;
  readonly createdAt: string;
  readonly updatedAt: string | null;
  readonly deletedAt: string | null;
  readonly outputs: readonly {
    readonly key: string;
    readonly value: string;
    readonly description: string | null;
  }[];
  readonly resources: Readonly<Record<string, ResourceState>>;
  readonly work: StackWork | null;
  readonly events: number;
}

export interface StackEvent {
  readonly id: string;
  readonly at: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | null;
}

export interface Change {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly physicalId: string | null;
  readonly type: string;
}

export interface ChangeSetRecord {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly description: string | null;
  readonly createdAt: string;
  readonly blueprint: Blueprint;
  readonly changes: readonly Change[];
  /** Why it cannot be executed. */
  readonly reason: string | null;
  readonly executed: boolean;
}

const stacks = 'cloudformation.stacks';
const events = 'cloudformation.stack-events';
const changeSets = 'cloudformation.change-sets';

const uuidOf = (stackId: string): string => stackId.split('/').at(-1) ?? '';
const keyOf = (accountId: string, stackId: string): string => `${accountId}/${uuidOf(stackId)}`;

/** Stacks with their events and change sets. */
export const stackStore = ({ state }: StandIn) => ({
  byId: (stackId: string) => state.get<StackRecord>(stacks, keyOf(stackId.split(':')[4] ?? '', stackId)),
  async list(accountId: string): Promise<readonly StackRecord[]> {
    return (await state.list<StackRecord>(stacks, { prefix: `${accountId}/` })).map(([, stack]) => stack);
  },
  put: (stack: StackRecord) => state.put(stacks, keyOf(stack.accountId, stack.stackId), stack),
  putEvent: (stack: StackRecord, sequence: number, event: StackEvent) =>
    state.put(events, `${uuidOf(stack.stackId)}/${String(sequence).padStart(8, '0')}`, event),
  /** The newest first. */
  async events({ stackId }: StackRecord): Promise<readonly StackEvent[]> {
    const all = await state.list<StackEvent>(events, { prefix: `${uuidOf(stackId)}/` });
    return all.map(([, event]) => event).reverse();
  },
  putChangeSet: (set: ChangeSetRecord) => state.put(changeSets, `${uuidOf(set.stackId)}/${set.name}`, set),
  removeChangeSet: (set: ChangeSetRecord) => state.delete(changeSets, `${uuidOf(set.stackId)}/${set.name}`),
  async changeSets(stackId: string): Promise<readonly ChangeSetRecord[]> {
    const prefix = `${uuidOf(stackId)}/`;
    return (await state.list<ChangeSetRecord>(changeSets, { prefix })).map(([, set]) => set);
  },
});
export type StackStore = ReturnType<typeof stackStore>;

/** `length` letters and digits that only this resource of this stack has. */
export function ownSuffix(owner: string, length: number): string {
  const digest = createHash('sha256').update(owner).digest();
  return Array.from(
    digest.subarray(0, length),
    (byte) => 'abcdefghijklmnopqrstuvwxyz0123456789'[byte % 36],
  ).join('');
}
