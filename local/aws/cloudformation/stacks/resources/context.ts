import type { StandIn } from '@/local/aws/core/service';
import { ownSuffix, type ResourceState, type StackRecord, type StackWork } from '../records';
import { invalid } from '../template';
import type { ResourceContext, ResourceHandler } from './handler';
import { resourceTypes } from './types';

/** What makes resources of that type. Throws ValidationError for another one. */
export function handlerOf(type: string): ResourceHandler {
  const handler = resourceTypes.get(type);
  if (handler) return handler;
  throw invalid(`Unrecognized resource types: [${type}]. This stand-in does not have it.`);
}

/** What a handler needs for one resource of `stack`. */
export function contextOf(
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
