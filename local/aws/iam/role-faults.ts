import { portalRoleArn } from '@/local/aws-names';
import type { IamRole } from '../core/iam-role';
import type { StandIn } from '../core/service';
import { sageMakerPrincipal } from './policies';

/** `role` as the faults of its tenant make it: somebody changed it by hand, or deleted it. */
export function faulty(role: IamRole, standing: StandIn['standing']): IamRole | undefined {
  const tenantId = role.trust.requestTags?.TenantId;
  if (tenantId === undefined) return role;
  const stands = (point: string) => standing(point, tenantId);
  if (stands('role.missing') !== null) return undefined;
  const { requestTags, ...trust } = role.trust;
  const without = (principal: string) => trust.principals.filter((each) => each !== principal);
  if (stands('role.trust') !== null)
    return { ...role, trust: { ...role.trust, principals: without(portalRoleArn) } };
  const otherId = stands('role.external-id');
  if (otherId !== null) return { ...role, trust: { ...role.trust, externalId: otherId } };
  if (stands('role.tag-session') !== null) return { ...role, trust };
  if (stands('role.sagemaker') !== null)
    return { ...role, trust: { ...role.trust, principals: without(sageMakerPrincipal) } };
  return role;
}
