import { awsNames } from '@/local/aws-names';
import type { PolicyDocument, PolicyStatement } from '../core/iam-role';
import type { Caller } from '../core/service';
import { type ContextValues, compilePattern } from './pattern';

/** A request to decide on; `context` has its condition keys. */
export interface AccessRequest {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** A statement of a resource policy. */
export interface ResourcePolicyStatement extends PolicyStatement {
  /** Roles and accounts, or `*`. */
  readonly Principal: '*' | { readonly AWS: string | readonly string[] };
}

export interface ResourcePolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly ResourcePolicyStatement[];
}

/** The decision of the policies. `none`: no statement applies, so the request is refused by default. */
export type Decision = 'allow' | 'deny' | 'none';

const operators = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'ArnEquals',
  'ArnLike',
  'Bool',
  'Null',
] as const;
type Operator = (typeof operators)[number];
const quantifiers = ['ForAllValues', 'ForAnyValue'] as const;

/** Throws when a statement uses a condition operator that this evaluator does not support and would have to ignore. */
export function checkPolicy(policy: PolicyDocument): void {
  for (const statement of policy.Statement) {
    for (const name of Object.keys(statement.Condition ?? {})) parseOperator(name);
  }
}

/** The decision of identity policies: an explicit deny wins over an allow. */
export function decide(policies: readonly PolicyDocument[], request: AccessRequest): Decision {
  const values = contextValues(request);
  return combine(
    policies.flatMap((policy) => policy.Statement),
    (statement) => applies(statement, request, values),
  );
}

/** Like `decide`, for a resource policy. */
export function decideResource(policy: ResourcePolicy, request: AccessRequest): Decision {
  const values = contextValues(request);
  return combine(policy.Statement, (statement) => {
    if (!isPrincipal(statement.Principal, request.caller)) return false;
    return applies(statement, request, values);
  });
}

function combine<S extends PolicyStatement>(
  statements: readonly S[],
  matches: (statement: S) => boolean,
): Decision {
  let decision: Decision = 'none';
  for (const statement of statements) {
    if (!matches(statement)) continue;
    if (statement.Effect === 'Deny') return 'deny';
    decision = 'allow';
  }
  return decision;
}

function isPrincipal(principal: ResourcePolicyStatement['Principal'], caller: Caller): boolean {
  if (principal === '*') return true;
  const whole = [caller.accountId, `arn:aws:iam::${caller.accountId}:root`];
  return list(principal.AWS).some((arn) => arn === caller.roleArn || arn === '*' || whole.includes(arn));
}

function applies(statement: PolicyStatement, request: AccessRequest, values: ContextValues): boolean {
  const action = list(statement.Action).some((pattern) =>
    compilePattern(pattern, values, { wildcards: true, ignoreCase: true })?.test(request.action),
  );
  if (!action) return false;
  const resource = list(statement.Resource).some((pattern) =>
    compilePattern(pattern, values, { wildcards: true })?.test(request.resource),
  );
  return resource && conditionsHold(statement, values);
}

function conditionsHold(statement: PolicyStatement, values: ContextValues): boolean {
  return Object.entries(statement.Condition ?? {}).every(([name, block]) => {
    const { quantifier, operator } = parseOperator(name);
    return Object.entries(block).every(([key, wanted]) => {
      const actual = values.get(key.toLowerCase());
      if (operator === 'Null')
        return (actual === undefined || actual.length === 0) === (String(wanted) === 'true');
      const test = (value: string) => holds(operator, value, list(wanted), values);
      if (quantifier === 'ForAllValues') return list(actual ?? []).every(test);
      if (quantifier === 'ForAnyValue') return list(actual ?? []).some(test);
      if (actual === undefined) return operator === 'StringNotEquals' || operator === 'StringNotLike';
      return typeof actual === 'string' && test(actual);
    });
  });
}

function holds(operator: Operator, value: string, wanted: readonly string[], values: ContextValues): boolean {
  const wildcards = ['StringLike', 'StringNotLike', 'ArnEquals', 'ArnLike'].includes(operator);
  const found = wanted.some((pattern) => compilePattern(pattern, values, { wildcards })?.test(value));
  return operator === 'StringNotEquals' || operator === 'StringNotLike' ? !found : found;
}

function parseOperator(name: string): {
  quantifier: (typeof quantifiers)[number] | null;
  operator: Operator;
} {
  const [first = '', second] = name.split(':');
  const quantifier = second === undefined ? null : quantifiers.find((known) => known === first);
  const operator = operators.find((known) => known === (second ?? first));
  if (quantifier === undefined || operator === undefined || (quantifier && operator === 'Null')) {
    throw new Error(`The condition operator ${name} is not supported.`);
  }
  return { quantifier, operator };
}

function contextValues(request: AccessRequest): ContextValues {
  const { caller } = request;
  const values = new Map<string, string | readonly string[]>();
  for (const [key, value] of Object.entries(request.context ?? {})) values.set(key.toLowerCase(), value);
  // The caller's keys are set last, so that the request's own keys cannot replace them.
  for (const key of values.keys()) if (key.startsWith('aws:principal')) values.delete(key);
  // Loopback stands for TLS.
  values.set('aws:securetransport', 'true');
  values.set('aws:principalaccount', caller.accountId);
  values.set('aws:principalarn', caller.roleArn);
  values.set('aws:principalorgid', caller.organizationId ?? awsNames.organizationId);
  for (const [tag, value] of Object.entries(caller.tags))
    values.set(`aws:principaltag/${tag.toLowerCase()}`, value);
  return values;
}

const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;
