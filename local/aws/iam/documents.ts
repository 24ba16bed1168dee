import type { IamRole, PolicyDocument, PolicyStatement } from '../core/iam-role';
import { AwsError } from '../core/service';
import { checkPolicy, type ResourcePolicy, type ResourcePolicyStatement } from './evaluate';

type Given = Readonly<Record<string, unknown>>;

const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message);

/** An identity policy of a document as people write it. Throws MalformedPolicyDocument for what is not supported here. */
export function policyOf(document: unknown): PolicyDocument {
  return checked({
    Version: '2012-10-17',
    Statement: statementsOf(document).map((given) => statementOf(given)),
  });
}

/** A resource policy; see `policyOf`. */
export function resourcePolicyOf(document: unknown): ResourcePolicy {
  const Statement = statementsOf(document).map((given): ResourcePolicyStatement => {
    const principals = principalsOf(given);
    return { ...statementOf(given), Principal: principals.includes('*') ? '*' : { AWS: principals } };
  });
  return checked({ Version: '2012-10-17', Statement });
}

/** The trust of a role in `accountId`; see `policyOf`. */
export function trustOf(document: unknown, accountId: string): IamRole['trust'] {
  let principals: readonly string[] = [];
  let externalId: string | undefined;
  const requestTags: Record<string, string> = {};
  for (const given of statementsOf(document)) {
    if (given.Effect !== 'Allow') throw malformed('The trust of a role may only have Effect Allow here.');
    const actions = textsOf(given.Action, 'Action');
    if (!actions.every((action) => ['sts:AssumeRole', 'sts:TagSession'].includes(action)))
      throw malformed(`The trust of a role cannot allow ${actions.join(', ')} here.`);
    if (actions.includes('sts:AssumeRole')) principals = [...principals, ...principalsOf(given)];
    for (const [operator, block] of Object.entries(Object(given.Condition) as Given)) {
      for (const [key, value] of Object.entries(Object(block) as Given)) {
        const [, tag] = /^aws:RequestTag\/(.+)$/i.exec(key) ?? [];
        if (operator === 'StringEquals' && key.toLowerCase() === 'sts:externalid') externalId = String(value);
        else if (operator === 'StringEquals' && tag) requestTags[tag] = String(value);
        else if (operator === 'Null' && tag && String(value) === 'false') requestTags[tag] = '*';
        else if (key.toLowerCase() !== 'aws:sourceaccount' || String(value) !== accountId)
          throw malformed(
            `The condition ${operator} of ${key} is not supported in the trust of a role here.`,
          );
      }
    }
  }
  return {
    principals,
    ...(externalId === undefined ? {} : { externalId }),
    ...(Object.keys(requestTags).length > 0 ? { requestTags } : {}),
  };
}

function statementsOf(document: unknown): readonly Given[] {
  const { Version: version, Statement: given } = Object(document) as Given;
  if (version !== '2012-10-17') throw malformed('The Version of a policy must be 2012-10-17.');
  const statements = [given].flat();
  if (statements.some((each) => typeof each !== 'object' || each === null))
    throw malformed('Statement must be a list of objects.');
  return statements as Given[];
}

const members = ['Sid', 'Effect', 'Action', 'Resource', 'Condition', 'Principal'];

function statementOf(given: Given): PolicyStatement {
  const unknown = Object.keys(given).find((name) => !members.includes(name));
  if (unknown) throw malformed(`${unknown} of a statement is not supported here.`);
  const { Effect, Condition: condition } = given;
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformed('Effect must be Allow or Deny.');
  return {
    Effect,
    Action: textsOf(given.Action, 'Action'),
    Resource: textsOf(given.Resource, 'Resource'),
    ...(condition === undefined ? {} : { Condition: conditionOf(condition) }),
  };
}

const conditionOf = (condition: unknown): Record<string, Record<string, string | readonly string[]>> =>
  Object.fromEntries(
    Object.entries(Object(condition) as Given).map(([operator, block]) => [
      operator,
      Object.fromEntries(
        Object.entries(Object(block) as Given).map(([key, value]) => [
          key,
          Array.isArray(value) ? value.map(String) : String(value),
        ]),
      ),
    ]),
  );

function principalsOf({ Principal: principal }: Given): readonly string[] {
  if (principal === '*') return ['*'];
  const { AWS: aws = [], Service: service = [], ...more } = Object(principal) as Given;
  const [unknown] = Object.keys(more);
  if (principal === undefined || unknown)
    throw malformed(`The principal ${unknown ?? 'null'} is not supported here.`);
  return [...textsOf(aws, 'Principal'), ...textsOf(service, 'Principal')];
}

function textsOf(value: unknown, name: string): readonly string[] {
  const all = [value].flat();
  if (all.every((each): each is string => typeof each === 'string')) return all;
  throw malformed(`${name} must be a text, or a list of texts.`);
}

function checked<P extends PolicyDocument>(policy: P): P {
  try {
    checkPolicy(policy);
  } catch (error) {
    throw malformed((error as Error).message);
  }
  return policy;
}
