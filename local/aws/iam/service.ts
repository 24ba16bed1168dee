import type { IamRole } from '../core/iam-role';
import { AwsError, type RpcService, type StandIn } from '../core/service';
import type { IamStore } from './store';
import { roleId } from './sts';

/** When the roles were made, as far as anybody asks. */
const madeAt = new Date('2025-01-01T00:00:00Z');

/** IAM: reads roles. CloudFormation makes them. */
export function createIam(standIn: StandIn, iam: IamStore): RpcService {
  return {
    name: 'iam',
    protocol: 'query',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    operations: {
      async GetRole(input, caller) {
        const name = typeof input.RoleName === 'string' ? input.RoleName : '';
        if (!/^[\w+=,.@-]{1,64}$/.test(name))
          throw new AwsError('ValidationError', 'The specified value for roleName is invalid.');
        const arn = `arn:aws:iam::${caller.accountId}:role/${name}`;
        standIn.authorize(caller, 'iam:GetRole', arn);
        const role = iam.role(arn);
        if (!role) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
        return {
          Role: {
            Path: '/',
            RoleName: name,
            RoleId: roleId(arn),
            Arn: arn,
            CreateDate: madeAt,
            AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trustDocument(role))),
            MaxSessionDuration: 3600,
          },
        };
      },
    },
  };
}

/** The trust policy of a role, as `infra/README.md` has it written. */
function trustDocument({ trust: { principals, externalId, requestTags = {} } }: IamRole): object {
  const roles = principals.filter((principal) => principal.startsWith('arn:'));
  const services = principals.filter((principal) => !principal.startsWith('arn:'));
  const tags = Object.entries(requestTags);
  const fixed = tags
    .filter(([, value]) => value !== '*')
    .map(([tag, value]) => [`aws:RequestTag/${tag}`, value]);
  const any = tags.filter(([, value]) => value === '*').map(([tag]) => [`aws:RequestTag/${tag}`, 'false']);
  const tagged = {
    ...(fixed.length > 0 ? { StringEquals: Object.fromEntries(fixed) } : {}),
    ...(any.length > 0 ? { Null: Object.fromEntries(any) } : {}),
  };
  const withId = externalId === undefined ? {} : { 'sts:ExternalId': externalId };
  const assume = { ...tagged, StringEquals: { ...tagged.StringEquals, ...withId } };
  const allow = (Action: string, Principal: object, Condition = {}) => ({
    Effect: 'Allow',
    Principal,
    Action,
    ...(Object.keys(Condition).length > 0 ? { Condition } : {}),
  });
  return {
    Version: '2012-10-17',
    Statement: [
      ...(roles.length > 0 ? [allow('sts:AssumeRole', { AWS: roles }, assume)] : []),
      ...(roles.length > 0 && tags.length > 0 ? [allow('sts:TagSession', { AWS: roles }, tagged)] : []),
      ...(services.length > 0 ? [allow('sts:AssumeRole', { Service: services })] : []),
    ],
  };
}
