import { isDeepStrictEqual } from 'node:util';
import { AwsError, type StandIn } from '@/local/aws/core/service';
import { creationOrder, holds, resolve, type Scope } from './intrinsics';
import type { Keeper } from './keeper';
import { pseudoParameters } from './pseudo-parameters';
import type { ResourceState, StackRecord, StackWork } from './records';
import { contextOf, handlerOf } from './resources/context';
import type { Properties } from './resources/handler';
import { invalid, parseTemplate, type Template, type TemplateResource } from './template';

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

/** Makes or changes the next resource of the target. A failure begins the way back; after the last one, the stack is as wanted. */
export async function makeNext(
  standIn: StandIn,
  keep: Keeper,
  stack: StackRecord,
  work: StackWork,
): Promise<void> {
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
