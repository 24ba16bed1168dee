import { randomUUID } from 'node:crypto';
import { AwsError, type Operation, type RpcService, type StandIn } from '../core/service';
import type { StackSets } from '../core/services';
import { optionalText, structure, texts } from '../wire/rpc-input';
import { createDeployments, type Deployments, targetedAccounts } from './instances';
import { instanceReads } from './reads';
import { createStacks } from './stacks/operations';
import { instanceOf } from './store';
import { authorizeStackSet } from './views';

/**
 * CloudFormation with ordinary stacks, and with one stack set: the baseline of tenant accounts, service-managed with automatic
 * deployment.
 */
export function createCloudFormation(standIn: StandIn): RpcService & StackSets {
  const deployments = createDeployments(standIn);
  const stacks = createStacks(standIn);
  return {
    name: 'cloudformation',
    protocol: 'query',
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    operations: {
      ...stacks.operations,
      ...instanceReads(standIn),
      CreateStackInstances: onInstances(standIn, 'CreateStackInstances', deployments.deploy),
      DeleteStackInstances: deleteInstances(standIn, deployments),
    },
    async start() {
      await deployments.start();
      await stacks.start();
    },
    deployToNewAccount: deployments.deployToNewAccount,
  };
}

const operationIdForm = /^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/;

/** Stacks that stay in their accounts, as AWS can leave them, are not here. */
function deleteInstances(standIn: StandIn, deployments: Deployments): Operation {
  const run = onInstances(standIn, 'DeleteStackInstances', async (operationId, accountIds) => {
    const present = await Promise.all(accountIds.map((accountId) => instanceOf(standIn, accountId)));
    await deployments.remove(
      operationId,
      present.flatMap((instance) => (instance ? [instance.accountId] : [])),
    );
  });
  return async (input, ...rest) => {
    if (String(input.RetainStacks) !== 'false') {
      throw new AwsError('ValidationError', 'RetainStacks must be false here.');
    }
    return run(input, ...rest);
  };
}

/** An operation on the instances of the accounts that the input names. */
function onInstances(
  standIn: StandIn,
  name: 'CreateStackInstances' | 'DeleteStackInstances',
  operate: Deployments['deploy'],
): Operation {
  return async (input, caller) => {
    authorizeStackSet(standIn, input, caller, name);
    const operationId = optionalText(input, 'OperationId') ?? randomUUID();
    if (!operationIdForm.test(operationId)) {
      throw new AwsError(
        'ValidationError',
        `OperationId ${operationId} has characters that are not allowed.`,
      );
    }
    const regions = texts(input, 'Regions');
    if (regions.length !== 1 || regions[0] !== standIn.region) {
      throw new AwsError('ValidationError', `Regions must be [${standIn.region}].`);
    }
    const targets = structure(input, 'DeploymentTargets');
    const accounts = await targetedAccounts(standIn, {
      units: texts(targets, 'OrganizationalUnitIds'),
      accounts: texts(targets, 'Accounts'),
      filter: optionalText(targets, 'AccountFilterType') ?? 'NONE',
    });
    await operate(
      operationId,
      accounts.map(({ accountId }) => accountId),
    );
    return { OperationId: operationId };
  };
}
