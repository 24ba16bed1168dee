import { z } from 'zod';

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statement = z.object({
  Effect: z.string(),
  Principal: z.union([z.literal('*'), z.record(z.string(), texts)]).optional(),
  Action: texts.default([]),
  Condition: z.record(z.string(), z.record(z.string(), texts)).default({}),
});
const policy = z.object({
  Statement: z.union([statement, z.array(statement)]).transform((value) => [value].flat()),
});

type Statement = z.output<typeof statement>;

/** A role's trust policy, read from AWS. */
export type TrustPolicy = readonly Statement[];

/** The trust policy in `encoded`, as `iam:GetRole` answers; null when it cannot be read. */
export function readTrustPolicy(encoded: string): TrustPolicy | null {
  try {
    const parsed = policy.safeParse(JSON.parse(decodeURIComponent(encoded)));
    return parsed.success ? parsed.data.Statement : null;
  } catch {
    return null;
  }
}

/** The first thing that keeps the portal from assuming the role as it should, or lets it in with less than it should. */
export type TrustFault =
  | 'not-trusted'
  | 'external-id-wrong'
  | 'external-id-not-required'
  | 'tag-refused'
  | 'tag-not-required';

interface Asked {
  readonly portalRoleArn: string;
  readonly externalId: string;
  readonly tenantId: string;
}

/**
 * What is wrong with a trust policy. It reads what the baseline writes, statements that allow with `StringEquals` and `StringLike`, and
 * passes over conditions on other keys: those can only refuse more, and AWS's own answer says whether they do.
 */
export function trustFault(policy: TrustPolicy, asked: Asked): TrustFault | null {
  const allowed = policy.filter(({ Effect }) => Effect === 'Allow');
  const assume = allowed.filter((each) => names(each, asked.portalRoleArn) && allows(each, 'sts:AssumeRole'));
  if (assume.length === 0) return 'not-trusted';
  const idFits = assume.filter((each) => fits(each, 'sts:ExternalId', asked.externalId));
  if (idFits.length === 0) return 'external-id-wrong';
  if (idFits.some((each) => valuesOf(each, 'sts:ExternalId').length === 0)) return 'external-id-not-required';
  const tag = (each: Statement) => fits(each, 'aws:RequestTag/TenantId', asked.tenantId);
  const tagging = allowed.filter(
    (each) => names(each, asked.portalRoleArn) && allows(each, 'sts:TagSession'),
  );
  if (!idFits.some(tag) || !tagging.some(tag)) return 'tag-refused';
  if (idFits.some((each) => valuesOf(each, 'aws:RequestTag/TenantId').length === 0))
    return 'tag-not-required';
  return null;
}

/** Whether the policy lets an AWS service assume the role, such as `sagemaker.amazonaws.com`. */
export const trustsService = (policy: TrustPolicy, service: string): boolean =>
  policy.some(
    (each) =>
      each.Effect === 'Allow' &&
      allows(each, 'sts:AssumeRole') &&
      typeof each.Principal === 'object' &&
      (each.Principal.Service ?? []).includes(service),
  );

function names({ Principal }: Statement, roleArn: string): boolean {
  if (Principal === undefined) return false;
  if (Principal === '*') return true;
  const account = roleArn.split(':')[4] ?? '';
  const whole = [account, `arn:aws:iam::${account}:root`, '*', roleArn];
  return (Principal.AWS ?? []).some((principal) => whole.includes(principal));
}

const allows = ({ Action }: Statement, action: string): boolean =>
  Action.some((pattern) => like(pattern.toLowerCase(), action.toLowerCase()));

/** The values that conditions of the statement want of `key`. */
const valuesOf = ({ Condition }: Statement, key: string): readonly string[] =>
  Object.entries(Condition).flatMap(([operator, keys]) =>
    /^(StringEquals|StringLike)$/.test(operator)
      ? Object.entries(keys).flatMap(([name, values]) =>
          name.toLowerCase() === key.toLowerCase() ? values : [],
        )
      : [],
  );

/** Whether `value` is among those wanted of `key`; also when none is. */
function fits(each: Statement, key: string, value: string): boolean {
  const wanted = valuesOf(each, key);
  return wanted.length === 0 || wanted.some((pattern) => like(pattern, value));
}

/** Compares as `StringLike`, without a regular expression of somebody else's making. */
function like(pattern: string, value: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === value;
  const tail = rest.pop() ?? '';
  if (value.length < head.length + tail.length || !value.startsWith(head) || !value.endsWith(tail))
    return false;
  let at = head.length;
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= value.length - tail.length;
}
