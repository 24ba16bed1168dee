import { awsNames } from '@/local/aws-names';
import type { PolicyStatement } from '../core/iam-role';
import { lambdaPrincipal } from '../lambda/environments';
import type { Keys, TestAws } from './test-aws';

/** An account that somebody else owns, which Annex did not vend. */
export const buyerAccount: string = awsNames.buyerAccountId;

const roleArn = (name: string, accountId = buyerAccount): string => `arn:aws:iam::${accountId}:role/${name}`;
const trusting = 'test.amazonaws.com';

/** Keys of a role in the buyer's account that may do what the statements say; everything without any. */
export async function buyerKeys(
  aws: TestAws,
  name = 'admin',
  statements: readonly PolicyStatement[] = [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  accountId = buyerAccount,
): Promise<Keys> {
  const { iam, sts } = aws.standIn.services;
  const policies = [{ Version: '2012-10-17', Statement: statements }] as const;
  const arn = roleArn(name, accountId);
  await iam.putRole({ arn, trust: { principals: [trusting] }, policies });
  return sts.assumeForService(trusting, arn, 'test');
}

/** What every function's role may do: write its log. */
export const writesLogs: PolicyStatement = {
  Effect: 'Allow',
  Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: '*',
};

/** A role for functions in the buyer's account; its ARN. */
export async function functionRole(
  aws: TestAws,
  name = 'function',
  statements: readonly PolicyStatement[] = [writesLogs],
): Promise<string> {
  const policies = [{ Version: '2012-10-17', Statement: statements }] as const;
  await aws.standIn.services.iam.putRole({
    arn: roleArn(name),
    trust: { principals: [lambdaPrincipal] },
    policies,
  });
  return roleArn(name);
}
