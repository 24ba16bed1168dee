import type { IamRole } from '@/local/aws/core/iam-role';
import { AwsError } from '@/local/aws/core/service';
import { policyOf, trustOf } from '@/local/aws/iam/documents';
import { roleId } from '@/local/aws/iam/sts';
import type { Properties, ResourceContext, ResourceHandler } from './handler';

/** `AWS::IAM::Role`. */
export const role: ResourceHandler = {
  known: [
    'RoleName',
    'AssumeRolePolicyDocument',
    'Policies',
    'ManagedPolicyArns',
    'Path',
    'Description',
    'MaxSessionDuration',
    'Tags',
  ],
  fixed: ['RoleName', 'Path'],
  async create(context, properties) {
    const { standIn, caller, owner } = context;
    const name = String(properties.RoleName ?? context.name.slice(-64));
    if ((properties.Path ?? '/') !== '/') throw invalid('Path must be / here.');
    if (!/^[\w+=,.@-]{1,64}$/.test(name))
      throw invalid(`The specified value for roleName is invalid: ${name}`);
    const arn = `arn:aws:iam::${caller.accountId}:role/${name}`;
    standIn.authorize(caller, 'iam:CreateRole', arn);
    const existing = standIn.services.iam.role(arn);
    if (existing && existing.owner !== owner)
      throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
    await put(context, arn, properties);
    return { physicalId: name, attributes: { Arn: arn, RoleId: roleId(arn) } };
  },
  async update(context, made, properties) {
    await put(context, made.attributes.Arn ?? '', properties);
    return made;
  },
  async remove({ standIn, caller }, { attributes: { Arn = '' } }) {
    standIn.authorize(caller, 'iam:DeleteRole', Arn);
    await standIn.services.iam.deleteRole(Arn);
  },
};

async function put(
  { standIn, caller, owner }: ResourceContext,
  arn: string,
  properties: Properties,
): Promise<void> {
  standIn.authorize(caller, 'iam:PutRolePolicy', arn);
  const { Policies: inline = [], ManagedPolicyArns: managed = [] } = properties;
  const made: IamRole = {
    arn,
    owner,
    trust: trustOf(properties.AssumeRolePolicyDocument, caller.accountId),
    policies: [
      ...(inline as Properties[]).map(({ PolicyDocument }) => policyOf(PolicyDocument)),
      ...(managed as unknown[]).map(managedPolicy),
    ],
  };
  await standIn.services.iam.putRole(made);
}

function managedPolicy(arn: unknown): IamRole['policies'][number] {
  if (arn !== 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole')
    throw invalid(`The managed policy ${String(arn)} is not supported here.`);
  const Action = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
}

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);
