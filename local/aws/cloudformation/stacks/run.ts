import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { AwsError, type StandIn } from '@/local/aws/core/service';
import { creationOrder, holds, resolve, type Scope } from './intrinsics';
import { ownSuffix, type ResourceState, type StackRecord, type StackStore, type StackWork } from './records';
import type { Made, Properties, ResourceContext, ResourceHandler } from './resources/handler';
import { resourceTypes } from './resources/types';
import { invalid, parseTemplate, type Template, type TemplateResource } from './template';

/** `AWS::StackName` and its like. */
export const pseudoParameters = (
  standIn: StandIn,
  { accountId, stackId, name }: Pick<StackRecord, 'accountId' | 'stackId' | 'name'>,
): Readonly<Record<string, string>> => ({
  'AWS::AccountId': accountId,
  'AWS::Partition': 'aws',
  'AWS::Region': standIn.region,
  'AWS::StackId': stackId,
  'AWS::StackName': name,
  'AWS::URLSuffix': 'amazonaws.com',
});

/** Where functions of a stack's target look things up. */
function scopeOf(standIn: StandIn, stack: StackRecord, template: Template, work: StackWork): Scope {
  return {
    template,
    parameters: work.target.parameters,
    pseudo: pseudoParameters(standIn, stack),
    resource(logicalId) {
      const found = stack.resources[logicalId];
      return found && { ref: found.physicalId, attributes: found.attributes };
    },
  };
}

/** Does the next thing to a stack, and stores it; false once nothing is left. A step that a stop interrupted is done again. */
export async function step(standIn: StandIn, store: StackStore, stackId: string): Promise<boolean> {
  const stack = await store.byId(stackId);
  if (!stack?.work) return false;
  const keep = new Keeper(store, stack);
  switch (stack.work.phase) {
    case 'forward':
      if (stack.work.action === 'DELETE') await removeNext(standIn, keep, stack, stack.work);
      else await makeNext(standIn, keep, stack, stack.work);
      break;
    case 'rollback':
      await undoNext(standIn, keep, stack, stack.work);
      break;
    case 'cleanup':
      await cleanNext(standIn, keep, stack, stack.work);
  }
  return true;
}

/** Stores a stack with the events of its changes. */
class Keeper {
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

async function makeNext(standIn: StandIn, keep: Keeper, stack: StackRecord, work: StackWork): Promise<void> {
  const template = parseTemplate(work.target.template);
  const scope = scopeOf(standIn, stack, template, work);
  const wanted = creationOrder(template).filter((id) =>
    holds(template.resources[id]?.condition ?? null, scope),
  );
  const next = wanted.find((id) => !work.done.includes(id));
  if (next === undefined) return finish(keep, stack, work, template, scope, wanted);
  const resource = template.resources[next];
  if (!resource) return;
  try {
    const made = await makeOne(standIn, keep, stack, work, next, resource, scope);
    const { state, garbage } = made;
    await keep.put({
      resources: { ...stack.resources, [next]: state },
      work: { ...work, done: [...work.done, next], garbage: [...work.garbage, ...garbage] },
    });
    if (made.changed) await keep.event(state);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    await fail(keep, stack, work, next, resource, error);
  }
}

interface One {
  readonly state: ResourceState;
  readonly changed: boolean;
  readonly garbage: readonly ResourceState[];
}

async function makeOne(
  standIn: StandIn,
  keep: Keeper,
  stack: StackRecord,
  work: StackWork,
  logicalId: string,
  resource: TemplateResource,
  scope: Scope,
): Promise<One> {
  const handler = handlerOf(resource.type);
  const properties = (resolve(resource.properties, scope) ?? {}) as Properties;
  const unknown = Object.keys(properties).find((name) => handler.known?.includes(name) === false);
  if (unknown) throw invalid(`The property ${unknown} of ${resource.type} is not supported here.`);
  const before = stack.resources[logicalId];
  const base = {
    logicalId,
    type: resource.type,
    reason: null,
    properties,
    retained: resource.retained,
    updatedAt: new Date().toISOString(),
  };
  if (before?.type === resource.type && isDeepStrictEqual(before.properties, properties))
    return { state: { ...before, retained: resource.retained }, changed: false, garbage: [] };
  const replaced =
    before !== undefined &&
    (before.type !== resource.type ||
      handler.fixed.some((name) => !isDeepStrictEqual(before.properties[name], properties[name])));
  if (before && !replaced) {
    await keep.event({ ...before, status: 'UPDATE_IN_PROGRESS', reason: null });
    const { physicalId, attributes } = await handler.update(
      contextOf(standIn, stack, work, before),
      before,
      properties,
      before.properties,
    );
    return {
      state: { ...base, physicalId, attributes, generation: before.generation, status: 'UPDATE_COMPLETE' },
      changed: true,
      garbage: [],
    };
  }
  const generation = before ? before.generation + 1 : 0;
  const verb = before ? 'UPDATE' : 'CREATE';
  await keep.event({ ...base, physicalId: '', status: `${verb}_IN_PROGRESS` });
  const made = await handler.create(contextOf(standIn, stack, work, { logicalId, generation }), properties);
  return {
    state: { ...base, ...made, generation, status: `${verb}_COMPLETE` },
    changed: true,
    garbage: before ? [{ ...before, retained: resource.retainedOnReplace }] : [],
  };
}

function handlerOf(type: string): ResourceHandler {
  const handler = resourceTypes.get(type);
  if (handler) return handler;
  throw invalid(`Unrecognized resource types: [${type}]. This stand-in does not have it.`);
}

function contextOf(
  standIn: StandIn,
  stack: StackRecord,
  { caller }: StackWork,
  { logicalId, generation }: Pick<ResourceState, 'logicalId' | 'generation'>,
): ResourceContext {
  const owner = `${stack.stackId}/${logicalId}/${generation}`;
  const suffix = ownSuffix(owner, 12);
  // The end is its own, and names are cut from the front.
  const name = `${stack.name.slice(0, 24)}-${logicalId.slice(0, 24)}-${suffix}`;
  return { standIn, caller, owner, name, id: ownSuffix(owner, 10) };
}

async function fail(
  keep: Keeper,
  stack: StackRecord,
  work: StackWork,
  logicalId: string,
  { type }: TemplateResource,
  error: AwsError,
): Promise<void> {
  const verb = work.action === 'UPDATE' && stack.resources[logicalId] ? 'UPDATE' : 'CREATE';
  const before = stack.resources[logicalId];
  await keep.event({
    logicalId,
    type,
    physicalId: before?.physicalId ?? '',
    status: `${verb}_FAILED`,
    reason: error.message,
  });
  const reason = `The following resource(s) failed to ${verb.toLowerCase()}: [${logicalId}]. ${error.message}`;
  const status = work.action === 'UPDATE' ? 'UPDATE_ROLLBACK_IN_PROGRESS' : 'ROLLBACK_IN_PROGRESS';
  // A change that failed half-way is undone as a whole one.
  const done = before && !work.done.includes(logicalId) ? [...work.done, logicalId] : work.done;
  await keep.status({
    status,
    reason,
    work: { ...work, phase: 'rollback', reason, done, failed: [logicalId] },
  });
}

async function finish(
  keep: Keeper,
  stack: StackRecord,
  work: StackWork,
  template: Template,
  scope: Scope,
  wanted: readonly string[],
): Promise<void> {
  const surplus = Object.values(stack.resources).filter(({ logicalId }) => !wanted.includes(logicalId));
  let outputs: StackRecord['outputs'];
  try {
    outputs = Object.entries(template.outputs)
      .filter(([, { condition }]) => holds(condition, scope))
      .map(([key, { value, description }]) => ({ key, value: String(resolve(value, scope)), description }));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const status = work.action === 'UPDATE' ? 'UPDATE_ROLLBACK_IN_PROGRESS' : 'ROLLBACK_IN_PROGRESS';
    return keep.status({
      status,
      reason: error.message,
      work: { ...work, phase: 'rollback', reason: error.message },
    });
  }
  const whole = { ...work.target, outputs };
  if (work.action === 'CREATE')
    return keep.status({ ...whole, status: 'CREATE_COMPLETE', reason: null, work: null });
  const resources = Object.fromEntries(Object.entries(stack.resources).filter(([id]) => wanted.includes(id)));
  await keep.status({
    ...whole,
    resources,
    status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    reason: null,
    work: { ...work, phase: 'cleanup', garbage: [...work.garbage, ...surplus] },
  });
}

/** Deletes one of the resources that an update left over; what cannot be deleted stays, as on AWS. */
async function cleanNext(standIn: StandIn, keep: Keeper, stack: StackRecord, work: StackWork): Promise<void> {
  const garbage = [...work.garbage];
  const next = garbage.pop();
  if (!next) return keep.status({ status: 'UPDATE_COMPLETE', reason: null, work: null });
  await removeOne(standIn, keep, stack, work, next);
  await keep.put({ work: { ...work, garbage } });
}

/** Why it could not be deleted; null when it is gone. */
async function removeOne(
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

const without = (resources: StackRecord['resources'], id: string): StackRecord['resources'] =>
  Object.fromEntries(Object.entries(resources).filter(([each]) => each !== id));

async function removeNext(
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

/** Takes back the newest of the changes of a creation or an update that failed. */
async function undoNext(standIn: StandIn, keep: Keeper, stack: StackRecord, work: StackWork): Promise<void> {
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
