import { world } from '../world';
import { neededDomain } from './sagemaker-domains';
import { forms, neededForm } from './sagemaker-input';
import { findProfile } from './sagemaker-profiles';
import { AwsError, type Caller, type Operation, type StandIn } from './service';

/** `ListTags` of domains and user profiles. */
export function tagOperations(standIn: StandIn): Record<string, Operation> {
  return {
    async ListTags(input, caller) {
      const arn = neededForm(input, 'ResourceArn', forms.arn, 256);
      standIn.authorize(caller, 'sagemaker:ListTags', arn);
      return { Tags: await tagsOf(standIn, caller, arn) };
    },
  };
}

async function tagsOf(standIn: StandIn, caller: Caller, arn: string): Promise<readonly object[]> {
  const [kind, domainId = '', name = ''] = arn.split(':').slice(5).join(':').split('/');
  const own = arn.startsWith(`arn:aws:sagemaker:${standIn.region}:${caller.accountId}:`);
  if (own && kind === 'domain') {
    const domain = await neededDomain(standIn, caller.accountId, domainId);
    return [
      { Key: 'TenantId', Value: domain.tenantId },
      { Key: 'StackSet', Value: world.stackSet },
    ];
  }
  const profile =
    own && kind === 'user-profile' ? await findProfile(standIn, caller.accountId, domainId, name) : undefined;
  if (profile) return profile.tags;
  throw new AwsError('ValidationException', `Resource ${arn} does not exist.`);
}
