import { isDeepStrictEqual } from 'node:util';
import type { StandIn } from '@/local/aws/core/service';
import { holds } from './intrinsics';
import { pseudoParameters } from './pseudo-parameters';
import type { Blueprint, Change, StackRecord } from './records';
import { parseTemplate, type Template } from './template';

/** What a caller has to acknowledge before the template is used. */
export function capabilitiesOf({ resources }: Template): readonly string[] {
  const roles = Object.values(resources).filter(({ type }) => type === 'AWS::IAM::Role');
  const named = roles.some(({ properties }) => (properties as { RoleName?: unknown }).RoleName !== undefined);
  return roles.length === 0 ? [] : [named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'];
}

/** What would change, by the text of the templates and the values of parameters: no function is looked up yet. */
export function changesOf(standIn: StandIn, stack: StackRecord, blueprint: Blueprint): readonly Change[] {
  const template = parseTemplate(blueprint.template);
  const before = stack.status === 'REVIEW_IN_PROGRESS' ? null : parseTemplate(stack.template);
  const pseudo = pseudoParameters(standIn, stack);
  const scope = { template, parameters: blueprint.parameters, pseudo, resource: () => undefined };
  const wanted = Object.entries(template.resources).filter(([, { condition }]) => holds(condition, scope));
  const parametersDiffer = before !== null && !isDeepStrictEqual(stack.parameters, blueprint.parameters);
  const made = wanted.flatMap(([logicalId, resource]): Change[] => {
    const there = stack.resources[logicalId];
    const common = { logicalId, physicalId: there?.physicalId ?? null, type: resource.type };
    if (!there) return [{ ...common, action: 'Add' }];
    const same = isDeepStrictEqual(before?.resources[logicalId], resource) && !parametersDiffer;
    return same ? [] : [{ ...common, action: 'Modify' }];
  });
  const gone = Object.values(stack.resources)
    .filter(({ logicalId }) => !wanted.some(([id]) => id === logicalId))
    .map(({ logicalId, physicalId, type }): Change => ({ action: 'Remove', logicalId, physicalId, type }));
  return [...made, ...gone];
}

/** Whether the template of `blueprint` gives out something else than that of the stack. */
export const outputsDiffer = (stack: StackRecord, blueprint: Blueprint): boolean =>
  !isDeepStrictEqual(parseTemplate(stack.template).outputs, parseTemplate(blueprint.template).outputs);
