import { awsNames, siloRoleArn } from '@/local/aws-names';
import type { IamRole } from '../core/iam-role';
import { AwsError, type Caller, type StandIn, type StateStore } from '../core/service';
import type { Iam } from '../core/services';
import { tableArn, tenantTables } from './arns';
import { resourcePolicyOf } from './documents';
import { checkPolicy, decide, decideResource, type ResourcePolicy } from './evaluate';
import {
  doctorRole,
  extractJobRole,
  pooledTenantRole,
  portalRole,
  tablePolicy,
  tenantAccountRole,
} from './policies';
import { faulty } from './role-faults';

const collection = 'iam-roles';
type Context = Readonly<Record<string, string | readonly string[]>>;

/** Roles with their trust and policies. Decides whether a caller may do something. */
export class IamStore implements Iam {
  private readonly roles = new Map<string, IamRole>();
  private readonly resourcePolicies = new Map<string, ResourcePolicy>(
    tenantTables.map((table) => [tableArn(table), tablePolicy]),
  );

  /** `standing` says which faults there are; see `StandIn.standing`. */
  constructor(
    private readonly state: StateStore,
    private readonly standing: StandIn['standing'] = () => null,
  ) {}

  /** Loads the stored roles and sets the current policies of the portal's account and the baseline's roles. */
  async load(): Promise<void> {
    for (const [arn, role] of await this.state.list<IamRole>(collection)) {
      this.roles.set(arn, role);
      await this.updateBaseline(role);
    }
    for (const role of [portalRole, pooledTenantRole, extractJobRole]) await this.putRole(role);
  }

  /** Like an update of the stack set in accounts that have an earlier template. */
  private async updateBaseline({ arn, trust, owner }: IamRole): Promise<void> {
    const tenantId = trust.requestTags?.TenantId;
    const accountId = arn.split(':')[4] ?? '';
    if (owner !== undefined || tenantId === undefined || tenantId === '*' || arn !== siloRoleArn(accountId))
      return;
    const { externalId = '' } = trust;
    const role = tenantAccountRole(tenantId, accountId);
    await this.putRole({ ...role, trust: { ...role.trust, externalId } });
    await this.putRole(doctorRole(accountId));
  }

  async putRole(role: IamRole): Promise<void> {
    for (const policy of role.policies) checkPolicy(policy);
    await this.state.put(collection, role.arn, role);
    this.roles.set(role.arn, role);
  }

  async deleteRole(arn: string): Promise<void> {
    await this.state.delete(collection, arn);
    this.roles.delete(arn);
  }

  setResourcePolicy(arn: string, document: unknown): void {
    if (document === null) this.resourcePolicies.delete(arn);
    else this.resourcePolicies.set(arn, resourcePolicyOf(document));
  }

  role(arn: string): IamRole | undefined {
    const role = this.roles.get(arn);
    return role && faulty(role, this.standing);
  }

  /** See `StandIn.authorize`. The account of a resource is `aws:ResourceAccount`, or the one in its ARN. */
  authorize(caller: Caller, action: string, resource: string, context?: Context): void {
    const request = { caller, action, resource, context: withAccount(action, resource, caller, context) };
    const identity = decide(this.role(caller.roleArn)?.policies ?? [], request);
    const policy = this.resourcePolicies.get(resource) ?? this.resourcePolicies.get(bucketArn(resource));
    const onResource = policy ? decideResource(policy, request) : 'none';
    const own = request.context['aws:ResourceAccount'] === caller.accountId;
    const denied = identity === 'deny' || onResource === 'deny';
    const allowed = own
      ? identity === 'allow' || onResource === 'allow'
      : identity === 'allow' && onResource === 'allow';
    if (!denied && allowed) return;
    throw accessDenied(
      caller,
      action,
      resource,
      denied ? 'with an explicit deny' : `because no policy allows the ${action} action`,
    );
  }

  /** Like `authorize`, but here the other account consents by the role's trust, which `sts` checks. */
  authorizeAssume(caller: Caller, roleArn: string): void {
    const request = { caller, action: 'sts:AssumeRole', resource: roleArn };
    if (decide(this.roles.get(caller.roleArn)?.policies ?? [], request) === 'allow') return;
    throw accessDenied(
      caller,
      'sts:AssumeRole',
      roleArn,
      'because no policy allows the sts:AssumeRole action',
    );
  }
}

/** The refusal with the text and code of the service to which `action` belongs. */
export function accessDenied(caller: Caller, action: string, resource: string, why: string): AwsError {
  const service = action.split(':', 1)[0] ?? '';
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
  const xml = ['s3', 'sts', 'cloudformation', 'iam'].includes(service);
  return xml
    ? new AwsError('AccessDenied', message, 403)
    : new AwsError('AccessDeniedException', message, 400);
}

/** Of an object, its bucket's. */
const bucketArn = (resource: string): string =>
  resource.startsWith('arn:aws:s3:::') ? (resource.split('/', 1)[0] ?? '') : resource;

const portalOnly = ['servicecatalog', 'sqs', 'dynamodb'];

function withAccount(
  action: string,
  resource: string,
  caller: Caller,
  context: Context = {},
): Context & { 'aws:ResourceAccount': string } {
  const given = context['aws:ResourceAccount'];
  const own = portalOnly.includes(action.split(':', 1)[0] ?? '')
    ? awsNames.portalAccountId
    : caller.accountId;
  // `*` and ARNs without an account mean resources in the caller's account, but these services are only in the portal's.
  const account = typeof given === 'string' ? given : resource.split(':')[4] || own;
  return { ...context, 'aws:ResourceAccount': account };
}
