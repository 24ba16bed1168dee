import { isDeepStrictEqual } from 'node:util';
import { AwsError, type StandIn } from '@/local/aws/core/service';
import type { Keeper } from './keeper';
import type { ResourceState, StackRecord, StackWork } from './records';
import { removeOne, without } from './remove';
import { contextOf, handlerOf } from './resources/context';
import type { Made } from './resources/handler';

/** Takes back the newest of the changes of a creation or an update that failed. */
export async function undoNext(
  standIn: StandIn,
  keep: Keeper,
  stack: StackRecord,
  work: StackWork,
): Promise<void> {
  const update = work.action === 'UPDATE';
  const done = [...work.done];
  const id = done.pop();
  const resource = id === undefined ? undefined : stack.resources[id];
  if (id === undefined || !resource) {
    if (id !== undefined) return keep.put({ work: { ...work, done } });
    const status = update ? 'UPDATE_ROLLBACK_COMPLETE' : 'ROLLBACK_COMPLETE';
    return keep.status({ status, reason: work.reason, work: null });
  }
  const before: ResourceState | undefined = work.beforeResources[id];
  if (!before || before.generation !== resource.generation) {
    const reason = await removeOne(standIn, keep, stack, work, resource);
    if (reason !== null) return stuck(keep, work, id, reason);
    const resources = before ? { ...stack.resources, [id]: before } : without(stack.resources, id);
    return keep.put({ resources, work: { ...work, done } });
  }
  const failed = work.failed.includes(id);
  if (failed || !isDeepStrictEqual(before.properties, resource.properties)) {
    await keep.event({ ...resource, status: 'UPDATE_IN_PROGRESS', reason: null });
    const back = await restored(standIn, stack, work, resource, before);
    if (typeof back === 'string') return stuck(keep, work, id, back);
    await keep.event({ ...before, status: 'UPDATE_COMPLETE', reason: null });
  }
  await keep.put({ resources: { ...stack.resources, [id]: before }, work: { ...work, done } });
}

/** Brings a resource back to what it was; a text says why it cannot be. */
async function restored(
  standIn: StandIn,
  stack: StackRecord,
  work: StackWork,
  resource: ResourceState,
  before: ResourceState,
): Promise<Made | string> {
  try {
    const half = work.failed.includes(before.logicalId) ? {} : resource.properties;
    return await handlerOf(before.type).update(
      contextOf(standIn, stack, work, before),
      before,
      before.properties,
      half,
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return error.message;
  }
}

async function stuck(keep: Keeper, work: StackWork, id: string, why: string): Promise<void> {
  const status = work.action === 'UPDATE' ? 'UPDATE_ROLLBACK_FAILED' : 'ROLLBACK_FAILED';
  await keep.status({
    status,
    reason: `The following resource(s) failed to roll back: [${id}]. ${why} ${work.reason}`,
    work: null,
  });
}
