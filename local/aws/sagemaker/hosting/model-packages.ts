import { AwsError, type Caller, type Operation, type StandIn } from '@/local/aws/core/service';
import type { ModelPackage } from '@/local/aws/core/services';
import { epochSeconds } from '@/local/aws/wire/rpc-page';
import { neededForm } from '../shared/input';

const form =
  'arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]{1,32}:[0-9]{12}:model-package/[a-zA-Z0-9\\-]{1,63}(/[0-9]{1,9})?';

/** The ARN of a model package in `ModelPackageName`. Throws ValidationException. */
export const packageArnIn = (input: Record<string, unknown>): string =>
  neededForm(input, 'ModelPackageName', form, 176);

/** The package, for an account that has subscribed to its product. Throws ValidationException for any other. */
export async function subscribedPackage(
  { services, portalAccountId }: StandIn,
  accountId: string,
  arn: string,
): Promise<ModelPackage> {
  const found = await services.marketplace.modelPackage(arn);
  const own = accountId === portalAccountId;
  if (found && (own || (await services.marketplace.isSubscribed(accountId, arn)))) return found;
  // Whoever has not subscribed does not learn what there is.
  throw new AwsError('ValidationException', 'Caller is not subscribed to the Marketplace listing.');
}

/** `DescribeModelPackage` of what sellers have packed, for those who have subscribed. Where the model itself lies is never in it. */
export function modelPackageOperations(standIn: StandIn): Record<string, Operation> {
  return {
    async DescribeModelPackage(input, caller: Caller) {
      const arn = packageArnIn(input);
      // The owner's consent is the agreement on AWS Marketplace, which is asked for next.
      const context = { 'aws:ResourceAccount': caller.accountId };
      standIn.authorize(caller, 'sagemaker:DescribeModelPackage', arn, context);
      const found = await subscribedPackage(standIn, caller.accountId, arn);
      return {
        ModelPackageName: arn.split('/')[1],
        ModelPackageArn: arn,
        ModelPackageVersion: 1,
        ModelPackageDescription: `${found.title}. ${found.summary}`.trim(),
        CreationTime: epochSeconds(found.createdAt),
        InferenceSpecification: {
          Containers: [{ ProductId: found.productId }],
          SupportedRealtimeInferenceInstanceTypes: [found.instanceType],
          SupportedContentTypes: found.contentTypes,
          SupportedResponseMIMETypes: ['text/csv', 'application/json'],
        },
        ModelPackageStatus: 'Completed',
        ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
        CertifyForMarketplace: true,
      };
    },
  };
}
