import type { StandIn } from '@/local/aws/core/service';
import type { StackRecord } from './records';

/** `AWS::StackName` and its like. */
export const pseudoParameters = (
  standIn: StandIn,
  { accountId, stackId, name }: Pick<StackRecord, 'accountId' | 'stackId' | 'name'>,
): Readonly<Record<string, string>> => ({
  'AWS::AccountId': accountId,
  'AWS::Partition': 'aws',
  'AWS::Region': standIn.region,
  'AWS::StackId': stackId,
  'AWS::StackName': name,
  'AWS::URLSuffix': 'amazonaws.com',
});
