import { randomUUID } from 'node:crypto';
import { AwsError, type StandIn } from '../core/service';
import { compilePattern } from '../iam/pattern';
import { optionalText } from '../wire/rpc-input';
import { invalid, required } from './input';
import { type FunctionRecord, functionArn, type Permission } from './record';

/** What AddPermission adds. Throws ResourceConflictException for a `StatementId` that is taken by something else. */
export function permissionOf(input: Record<string, unknown>, fn: FunctionRecord): Permission {
  const sid = required(input, 'StatementId');
  if (!/^[\w-]{1,100}$/.test(sid)) throw invalid('StatementId has characters that are not allowed.');
  const action = required(input, 'Action');
  if (!/^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/.test(action)) throw invalid(`Action ${action} is not Lambda's.`);
  const principal = required(input, 'Principal');
  if (!/^(\d{12}|arn:aws:iam::\d{12}:[\w+=,.@/-]+|[a-z0-9.-]+\.amazonaws\.com)$/.test(principal))
    throw invalid('The provided principal was invalid. Please check the principal and try again.');
  const sourceArn = optionalText(input, 'SourceArn');
  const sourceAccount = optionalText(input, 'SourceAccount');
  const permission: Permission = {
    sid,
    action,
    principal,
    ...(sourceArn === undefined ? {} : { sourceArn }),
    ...(sourceAccount === undefined ? {} : { sourceAccount }),
  };
  if (!fn.permissions.some((each) => each.sid === sid)) return permission;
  throw new AwsError(
    'ResourceConflictException',
    `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    409,
  );
}

/** Whether the function's policy lets that resource of an AWS service invoke it. */
export function permits(
  { permissions }: FunctionRecord,
  source: { readonly service: string; readonly arn: string; readonly accountId: string },
): boolean {
  return permissions.some(
    ({ action, principal, sourceArn, sourceAccount }) =>
      ['lambda:InvokeFunction', 'lambda:*', '*'].includes(action) &&
      principal === source.service &&
      (sourceAccount === undefined || sourceAccount === source.accountId) &&
      (sourceArn === undefined ||
        compilePattern(sourceArn, new Map(), { wildcards: true })?.test(source.arn) === true),
  );
}

/** A statement in the words of IAM. */
export function statementOf(standIn: StandIn, fn: FunctionRecord, permission: Permission): object {
  const { sid, action, principal, sourceArn, sourceAccount } = permission;
  const service = principal.endsWith('.amazonaws.com');
  const account = /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal;
  const condition = {
    ...(sourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': sourceArn } }),
    ...(sourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': sourceAccount } }),
  };
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: service ? { Service: principal } : { AWS: account },
    Action: action,
    Resource: functionArn(standIn, fn.accountId, fn.name),
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
}

/** The function's policy. Throws ResourceNotFoundException when it has none. */
export function policyOf(standIn: StandIn, fn: FunctionRecord): object {
  if (fn.permissions.length === 0)
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  const Statement = fn.permissions.map((permission) => statementOf(standIn, fn, permission));
  return {
    Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement }),
    RevisionId: fn.revisionId || randomUUID(),
  };
}
