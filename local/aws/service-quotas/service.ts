import { findAccount } from '../control-tower/accounts';
import { AwsError, type RpcService, type StandIn } from '../core/service';
import { optionalText } from '../wire/rpc-input';

/** Quotas that the stand-ins have: those of SageMaker that it enforces. Codes as in Service Quotas. */
const quotas: Readonly<Record<string, { readonly name: string; readonly value: number }>> = {
  'L-7A3DF611': { name: 'Number of instances across active endpoints', value: 20 },
};

/** Service Quotas: what an account may use of SageMaker. */
export function createServiceQuotas(standIn: StandIn): RpcService {
  return {
    name: 'servicequotas',
    protocol: 'json-1.1',
    operations: {
      async GetServiceQuota(input, caller) {
        const service = optionalText(input, 'ServiceCode') ?? '';
        const code = optionalText(input, 'QuotaCode') ?? '';
        const arn = `arn:aws:servicequotas:${standIn.region}:${caller.accountId}:${service}/${code}`;
        standIn.authorize(caller, 'servicequotas:GetServiceQuota', arn);
        const quota = service === 'sagemaker' && Object.hasOwn(quotas, code) ? quotas[code] : undefined;
        if (!quota)
          throw new AwsError(
            'NoSuchResourceException',
            'The request failed because the specified resource does not exist.',
          );
        const account = await findAccount(standIn, caller.accountId);
        const lowered = account && standIn.standing('quota.value', account.tenantId);
        return {
          Quota: {
            ServiceCode: service,
            ServiceName: 'Amazon SageMaker',
            QuotaArn: arn,
            QuotaCode: code,
            QuotaName: quota.name,
            Value: typeof lowered === 'string' ? Number(lowered) : quota.value,
            Unit: 'None',
            Adjustable: true,
            GlobalQuota: false,
            QuotaAppliedAtLevel: 'ACCOUNT',
          },
        };
      },
    },
  };
}
