import { awsNames } from '@/local/aws-names';
import { AwsError, type Caller, type Operation, type StandIn } from '../core/service';
import { neededDomain } from './domains/domains';
import { findProfile } from './domains/user-profile';
import { endpointConfigArn } from './hosting/endpoint-configs';
import { endpointArn } from './hosting/endpoint-record';
import { modelArn } from './hosting/models';
import { forms, neededForm } from './shared/input';
import { trainingJobArn } from './training/record';

/** `ListTags` of domains, user profiles, training jobs, models and endpoints. */
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
      { Key: 'StackSet', Value: awsNames.stackSet },
    ];
  }
  const profile =
    own && kind === 'user-profile' ? await findProfile(standIn, caller.accountId, domainId, name) : undefined;
  if (profile) return profile.tags;
  const made = own ? await taggedResource(standIn, caller.accountId, arn) : undefined;
  if (made) return made.tags;
  throw new AwsError('ValidationException', `Resource ${arn} does not exist.`);
}

interface Tagged {
  readonly accountId: string;
  readonly name: string;
  readonly tags: readonly object[];
}

/** Where what people make themselves is kept, with the ARN of one. */
const collections = [
  ['sagemaker.models', modelArn],
  ['sagemaker.endpoint-configs', endpointConfigArn],
  ['sagemaker.endpoints', endpointArn],
  ['sagemaker.training-jobs', trainingJobArn],
] as const;

async function taggedResource(standIn: StandIn, accountId: string, arn: string): Promise<Tagged | undefined> {
  for (const [collection, arnOf] of collections) {
    const all = await standIn.state.list<Tagged>(collection, { prefix: `${accountId}/` });
    // ARNs are in lower case, names are not.
    const found = all.find(([, { name }]) => arnOf(standIn, accountId, name) === arn.toLowerCase());
    if (found) return found[1];
  }
  return undefined;
}
