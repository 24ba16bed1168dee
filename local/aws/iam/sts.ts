import { createHash } from 'node:crypto';
import type { IamRole } from '../core/iam-role';
import { AwsError, type Caller, type Operation, type RpcService } from '../core/service';
import type { ServiceRoles, ServiceSession } from '../core/services';
import type { CredentialStore } from './credentials';
import type { IamStore } from './store';

const defaultSeconds = 3600;
const maxSeconds = 3600;

interface AssumeRole {
  readonly roleArn: string;
  readonly session: string;
  readonly externalId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly seconds: number;
}

/** STS: `AssumeRole`, if the role's trust allows it, and `GetCallerIdentity`. Also `ServiceRoles`. */
export function createSts(iam: IamStore, credentials: CredentialStore): RpcService & ServiceRoles {
  const assumeRole: Operation = async (input, caller) => {
    const asked = parse(input);
    iam.authorizeAssume(caller, asked.roleArn);
    const role = iam.role(asked.roleArn);
    // AWS responds in the same way when the role does not exist.
    if (!role || !trusts(role, caller, asked)) {
      const untagged = role !== undefined && trusts(role, caller, { ...asked, tags: {} });
      throw new AwsError(
        'AccessDenied',
        `User: ${caller.arn} is not authorized to perform: sts:${untagged ? 'TagSession' : 'AssumeRole'} on resource: ${asked.roleArn}`,
        403,
      );
    }
    const accountId = accountOf(asked.roleArn);
    const name = asked.roleArn.split('/').at(-1) ?? '';
    const arn = `arn:aws:sts::${accountId}:assumed-role/${name}/${asked.session}`;
    const issued = await credentials.issue(
      { accountId, arn, roleArn: asked.roleArn, tags: asked.tags },
      asked.seconds,
    );
    return {
      Credentials: {
        AccessKeyId: issued.accessKeyId,
        SecretAccessKey: issued.secretAccessKey,
        SessionToken: issued.sessionToken,
        Expiration: new Date(issued.expiresAt),
      },
      AssumedRoleUser: { AssumedRoleId: `${roleId(asked.roleArn)}:${asked.session}`, Arn: arn },
      PackedPolicySize: 1,
    };
  };

  const getCallerIdentity: Operation = async (_, caller) => {
    const session = caller.arn.includes(':assumed-role/') ? `:${caller.arn.split('/').at(-1)}` : '';
    return { UserId: `${roleId(caller.roleArn)}${session}`, Account: caller.accountId, Arn: caller.arn };
  };

  return {
    name: 'sts',
    protocol: 'query',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    operations: { AssumeRole: assumeRole, GetCallerIdentity: getCallerIdentity },
    trusts: (service, roleArn) => trustsService(iam, service, roleArn),
    assumeForService: (service, roleArn, session) =>
      assumeForService(iam, credentials, service, roleArn, session),
  };
}

const trustsService = (iam: IamStore, service: string, roleArn: string): boolean =>
  iam.role(roleArn)?.trust.principals.includes(service) ?? false;

async function assumeForService(
  iam: IamStore,
  credentials: CredentialStore,
  service: string,
  roleArn: string,
  session: string,
): Promise<ServiceSession> {
  if (!trustsService(iam, service, roleArn)) {
    throw new AwsError('AccessDenied', `${service} is not authorized to assume the role ${roleArn}.`, 403);
  }
  const accountId = accountOf(roleArn);
  const arn = `arn:aws:sts::${accountId}:assumed-role/${roleArn.split('/').at(-1)}/${session}`;
  // No tags: only the portal may open what a tag opens.
  const issued = await credentials.issue({ accountId, arn, roleArn, tags: {} }, defaultSeconds);
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = issued;
  return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiresAt) };
}

/** Whether the trust of `role` allows `caller` to assume it with this `ExternalId` and these tags. */
export function trusts(
  role: IamRole,
  caller: Pick<Caller, 'roleArn'>,
  asked: { readonly externalId: string | null; readonly tags: Readonly<Record<string, string>> },
): boolean {
  const { principals, externalId, requestTags = {} } = role.trust;
  const account = `arn:aws:iam::${accountOf(caller.roleArn)}:root`;
  if (!principals.includes(caller.roleArn) && !principals.includes(account)) return false;
  // A tag that the trust does not name would need sts:TagSession.
  if (!Object.keys(asked.tags).every((tag) => Object.hasOwn(requestTags, tag))) return false;
  for (const [tag, wanted] of Object.entries(requestTags)) {
    const sent = Object.hasOwn(asked.tags, tag) ? asked.tags[tag] : undefined;
    if (!sent || (wanted !== '*' && sent !== wanted)) return false;
  }
  if (externalId === undefined) return true;
  const expected = externalId.replace(
    /\$\{aws:RequestTag\/([^}]+)\}/g,
    (_, tag: string) => asked.tags[tag] ?? '',
  );
  return asked.externalId === expected;
}

function parse(input: Record<string, unknown>): AssumeRole {
  const roleArn = text(input, 'RoleArn', /^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/);
  const session = text(input, 'RoleSessionName', /^[\w+=,.@-]{2,64}$/);
  const externalId =
    input.ExternalId === undefined ? null : text(input, 'ExternalId', /^[\w+=,.@:/-]{2,1224}$/);
  if (input.Policy !== undefined || input.PolicyArns !== undefined) {
    throw invalid('Session policies are not supported here.');
  }
  const seconds = input.DurationSeconds === undefined ? defaultSeconds : Number(input.DurationSeconds);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    throw invalid('DurationSeconds must be from 900 to 43200.');
  }
  if (seconds > maxSeconds) {
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return { roleArn, session, externalId, tags: tagsOf(input.Tags), seconds };
}

function tagsOf(given: unknown): Record<string, string> {
  const tags: Record<string, string> = {};
  const pairs = Array.isArray(given) ? given : [];
  if (pairs.length > 50) throw invalid('A session has at most 50 tags.');
  for (const pair of pairs as Record<string, unknown>[]) {
    const key = text(pair ?? {}, 'Key', /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u);
    if (Object.hasOwn(tags, key)) throw invalid(`Duplicate tag key ${key}.`);
    tags[key] = text(pair, 'Value', /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u);
  }
  return tags;
}

function text(input: Record<string, unknown>, name: string, shape: RegExp): string {
  const value = input[name];
  if (typeof value === 'string' && shape.test(value)) return value;
  throw invalid(`Value at '${name}' failed to satisfy constraint: ${shape.source}`);
}

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);
const accountOf = (arn: string): string => arn.split(':')[4] ?? '';
/** Stable, like a role's id on AWS. */
export const roleId = (arn: string): string =>
  `AROA${createHash('sha256').update(arn).digest('hex').slice(0, 17).toUpperCase()}`;
