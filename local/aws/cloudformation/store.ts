import type { StandIn } from '../core/service';

/** The baseline's stack in one account, in the stand-in's region. */
export interface StackInstance {
  readonly accountId: string;
  /** The operation that last changed the instance. */
  readonly operationId: string;
  readonly status: 'OUTDATED' | 'CURRENT' | 'INOPERABLE';
  readonly detailedStatus: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  /** Why it failed. */
  readonly reason: string | null;
}

/** One operation on some of the instances. */
export interface StackSetOperation {
  readonly operationId: string;
  /** Operations from before there were others only create. */
  readonly action?: 'CREATE' | 'DELETE';
  readonly accountIds: readonly string[];
  readonly status: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  /** By account id, once its instance has succeeded or failed. */
  readonly results: Readonly<Record<string, { readonly failed: boolean; readonly reason: string | null }>>;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

const instances = 'cloudformation.instances';
const operations = 'cloudformation.operations';

/** The instance in `accountId`; `undefined` before the first deployment. */
export const instanceOf = ({ state }: StandIn, accountId: string): Promise<StackInstance | undefined> =>
  state.get<StackInstance>(instances, accountId);

/** Stores an instance. */
export const putInstance = ({ state }: StandIn, instance: StackInstance): Promise<void> =>
  state.put(instances, instance.accountId, instance);

/** Forgets the instance in `accountId`, whose stack is gone. */
export const forgetInstance = ({ state }: StandIn, accountId: string): Promise<void> =>
  state.delete(instances, accountId);

/** All instances, by account id. */
export const allInstances = async ({ state }: StandIn): Promise<readonly StackInstance[]> =>
  (await state.list<StackInstance>(instances)).map(([, instance]) => instance);

/** The operation with this id. */
export const operationOf = (
  { state }: StandIn,
  operationId: string,
): Promise<StackSetOperation | undefined> => state.get<StackSetOperation>(operations, operationId);

/** Stores an operation. */
export const putOperation = ({ state }: StandIn, operation: StackSetOperation): Promise<void> =>
  state.put(operations, operation.operationId, operation);

/** All operations, newest first. */
export async function allOperations({ state }: StandIn): Promise<readonly StackSetOperation[]> {
  const all = (await state.list<StackSetOperation>(operations)).map(([, operation]) => operation);
  return all.sort(
    (a, b) => b.createdAt.localeCompare(a.createdAt) || a.operationId.localeCompare(b.operationId),
  );
}

/** How many instances of the operation failed. */
export const failedIn = ({ results }: StackSetOperation): number =>
  Object.values(results).filter(({ failed }) => failed).length;
