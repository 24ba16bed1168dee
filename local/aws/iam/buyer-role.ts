import { buyerRoleArn } from '@/local/aws-names';
import type { IamRole } from '../core/iam-role';

/** The administrator of the buyer's account, who deploys stacks there. Nobody assumes it. */
export const buyerRole: IamRole = {
  arn: buyerRoleArn,
  trust: { principals: [] },
  policies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
};
