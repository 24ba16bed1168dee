import { randomUUID } from 'node:crypto';
import type { ResourceState, StackRecord, StackStore } from './records';

/** Stores a stack with the events of its changes. */
export class Keeper {
  constructor(
    private readonly store: StackStore,
    private stack: StackRecord,
  ) {}

  /** The stack itself has a new status. */
  async status(
    changes: Partial<StackRecord> & { readonly status: string; readonly reason: string | null },
  ): Promise<void> {
    await this.put({ ...changes });
    const { stackId, name, status, reason } = this.stack;
    await this.event({
      logicalId: name,
      physicalId: stackId,
      type: 'AWS::CloudFormation::Stack',
      status,
      reason,
    });
  }

  async put(changes: Partial<StackRecord>): Promise<void> {
    this.stack = { ...this.stack, ...changes };
    await this.store.put(this.stack);
  }

  async event(
    of: Pick<ResourceState, 'logicalId' | 'physicalId' | 'type' | 'status' | 'reason'>,
  ): Promise<void> {
    const sequence = this.stack.events;
    await this.put({ events: sequence + 1 });
    const at = new Date().toISOString();
    const { logicalId, physicalId, type, status, reason } = of;
    await this.store.putEvent(this.stack, sequence, {
      id: randomUUID(),
      at,
      logicalId,
      physicalId,
      type,
      status,
      reason,
    });
  }
}
