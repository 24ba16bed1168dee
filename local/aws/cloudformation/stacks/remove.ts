import { AwsError, type StandIn } from '@/local/aws/core/service';
import { creationOrder } from './intrinsics';
import type { Keeper } from './keeper';
import type { ResourceState, StackRecord, StackWork } from './records';
import { contextOf, handlerOf } from './resources/context';
import { parseTemplate } from './template';

/** Deletes one of the resources that an update left over; what cannot be deleted stays, as on AWS. */
export async function cleanNext(
  standIn: StandIn,
  keep: Keeper,
  stack: StackRecord,
  work: StackWork,
): Promise<void> {
  const garbage = [...work.garbage];
  const next = garbage.pop();
  if (!next) return keep.status({ status: 'UPDATE_COMPLETE', reason: null, work: null });
  await removeOne(standIn, keep, stack, work, next);
  await keep.put({ work: { ...work, garbage } });
}

/** Why it could not be deleted; null when it is gone. */
export async function removeOne(
  standIn: StandIn,
  keep: Keeper,
  stack: StackRecord,
  work: StackWork,
  resource: ResourceState,
): Promise<string | null> {
  if (resource.retained && work.phase !== 'rollback') {
    await keep.event({ ...resource, status: 'DELETE_SKIPPED', reason: null });
    return null;
  }
  await keep.event({ ...resource, status: 'DELETE_IN_PROGRESS', reason: null });
  try {
    await handlerOf(resource.type).remove(
      contextOf(standIn, stack, work, resource),
      resource,
      resource.properties,
    );
    await keep.event({ ...resource, status: 'DELETE_COMPLETE', reason: null });
    return null;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    await keep.event({ ...resource, status: 'DELETE_FAILED', reason: error.message });
    return error.message;
  }
}

/** `resources` without the one with that logical id. */
export const without = (resources: StackRecord['resources'], id: string): StackRecord['resources'] =>
  Object.fromEntries(Object.entries(resources).filter(([each]) => each !== id));

/** Deletes the newest resource of a stack that is being deleted; what refuses is passed over, and ends it as failed. */
export async function removeNext(
  standIn: StandIn,
  keep: Keeper,
  stack: StackRecord,
  work: StackWork,
): Promise<void> {
  const order = creationOrder(parseTemplate(stack.template)).filter((id) => stack.resources[id]);
  const next = order.filter((id) => !work.failed.includes(id)).at(-1);
  const resource = next === undefined ? undefined : stack.resources[next];
  if (!resource) {
    if (work.failed.length === 0)
      return keep.status({
        status: 'DELETE_COMPLETE',
        reason: null,
        work: null,
        deletedAt: new Date().toISOString(),
      });
    const reason = `The following resource(s) failed to delete: [${work.failed.join(', ')}]. ${work.reason}`;
    return keep.status({ status: 'DELETE_FAILED', reason, work: null });
  }
  const reason = await removeOne(standIn, keep, stack, work, resource);
  if (reason === null) return keep.put({ resources: without(stack.resources, resource.logicalId) });
  await keep.put({
    resources: { ...stack.resources, [resource.logicalId]: { ...resource, status: 'DELETE_FAILED', reason } },
    work: { ...work, failed: [...work.failed, resource.logicalId], reason },
  });
}
