import { awsNames } from '@/local/aws-names';
import { accountsInUnit, type VendedAccount } from '../control-tower/accounts';
import { createSerial } from '../core/keyed-mutex';
import { AwsError, type StandIn } from '../core/service';
import { createStages } from '../core/stages';
import { failedBaseline, makeBaseline } from './baseline';
import {
  allOperations,
  instanceOf,
  operationOf,
  putInstance,
  putOperation,
  type StackInstance,
  type StackSetOperation,
} from './store';

/** `standIn.service<StackSets>('cloudformation')`: what the stack set does by itself. */
export interface StackSets {
  /** Automatic deployment into an account that came into the organizational unit; once an account. */
  deployToNewAccount(account: VendedAccount): Promise<void>;
}

/** Makes stack instances; every stage survives a stop. */
export interface Deployments extends StackSets {
  /**
   * Makes or repairs the instances of `accounts`. The same id with the same accounts is the same operation; throws
   * OperationIdAlreadyExistsException when it is another.
   */
  deploy(operationId: string, accounts: readonly VendedAccount[]): Promise<void>;
  start(): Promise<void>;
}

interface DeploymentStages {
  run: { readonly operationId: string; readonly accountId: string };
  finish: { readonly operationId: string; readonly accountId: string };
}

/** Deployments of the baseline into the accounts of the organizational unit. */
export function createDeployments(standIn: StandIn): Deployments {
  const serial = createSerial();
  const stages = createStages<DeploymentStages>(standIn, 'cloudformation.stages', {
    run: async ({ operationId, accountId }) => {
      const turn = await serial(`account/${accountId}`, () => takeTurn(standIn, operationId, accountId));
      if (turn === 'wait') return Math.max(10, standIn.stepMs / 2);
      if (turn === 'done') return undefined;
      await stages.schedule('finish', `${operationId}/${accountId}`, standIn.stepMs, {
        operationId,
        accountId,
      });
      return undefined;
    },
    finish: async ({ operationId, accountId }) => {
      const result = await serial(`account/${accountId}`, () => finish(standIn, operationId, accountId));
      if (result)
        await serial(`operation/${operationId}`, () => settle(operationId, accountId, result.reason));
      return undefined;
    },
  });

  async function settle(operationId: string, accountId: string, reason: string | null): Promise<void> {
    const operation = await operationOf(standIn, operationId);
    if (!operation) return;
    const results = { ...operation.results, [accountId]: { failed: reason !== null, reason } };
    const open = operation.accountIds.some((id) => results[id] === undefined);
    const failed = Object.values(results).some((result) => result.failed);
    await putOperation(standIn, {
      ...operation,
      results,
      status: open ? 'RUNNING' : failed ? 'FAILED' : 'SUCCEEDED',
      endedAt: open ? null : (operation.endedAt ?? new Date().toISOString()),
    });
  }

  async function begin(operation: StackSetOperation): Promise<void> {
    for (const accountId of operation.accountIds) {
      if (operation.results[accountId]) continue;
      const { operationId } = operation;
      await stages.schedule('run', `${operationId}/${accountId}`, standIn.stepMs / 2, {
        operationId,
        accountId,
      });
    }
  }

  async function deploy(operationId: string, accounts: readonly VendedAccount[]): Promise<void> {
    const accountIds = accounts.map(({ accountId }) => accountId).sort();
    const known = await operationOf(standIn, operationId);
    if (known && known.accountIds.join() !== accountIds.join()) {
      throw new AwsError(
        'OperationIdAlreadyExistsException',
        `Operation ${operationId} already exists.`,
        409,
      );
    }
    if (known) return;
    for (const accountId of accountIds) {
      await serial(`account/${accountId}`, () => queueInstance(standIn, accountId, operationId));
    }
    const operation: StackSetOperation = {
      operationId,
      accountIds,
      status: accountIds.length === 0 ? 'SUCCEEDED' : 'QUEUED',
      results: {},
      createdAt: new Date().toISOString(),
      endedAt: accountIds.length === 0 ? new Date().toISOString() : null,
    };
    await putOperation(standIn, operation);
    await begin(operation);
  }

  return {
    deploy: (operationId, accounts) =>
      serial(`operation/${operationId}`, () => deploy(operationId, accounts)),
    deployToNewAccount: (account) => {
      const operationId = `auto-${account.recordId}`;
      return serial(`operation/${operationId}`, () => deploy(operationId, [account]));
    },
    async start() {
      await stages.start();
      // Operations that were stored when a stop came between them and their first stage.
      for (const operation of await allOperations(standIn))
        if (operation.endedAt === null) await begin(operation);
    },
  };
}

/** `wait` while another operation works on the instance: managed execution queues those that conflict. */
async function takeTurn(
  standIn: StandIn,
  operationId: string,
  accountId: string,
): Promise<'go' | 'wait' | 'done'> {
  const instance = await instanceOf(standIn, accountId);
  const operation = await operationOf(standIn, operationId);
  if (!instance || !operation || operation.results[accountId]) return 'done';
  const mine = instance.operationId === operationId;
  if (instance.detailedStatus === 'RUNNING' && !mine) return 'wait';
  if (instance.detailedStatus === 'RUNNING') return 'go';
  if (instance.detailedStatus !== 'PENDING' && mine) return 'done';
  await putInstance(standIn, {
    ...instance,
    operationId,
    status: 'OUTDATED',
    detailedStatus: 'RUNNING',
    reason: null,
  });
  if (operation.status === 'QUEUED') await putOperation(standIn, { ...operation, status: 'RUNNING' });
  return 'go';
}

async function finish(
  standIn: StandIn,
  operationId: string,
  accountId: string,
): Promise<{ readonly reason: string | null } | null> {
  const instance = await instanceOf(standIn, accountId);
  if (instance?.operationId !== operationId) return null;
  const reason =
    instance.detailedStatus === 'RUNNING' ? await failedBaseline(standIn, accountId) : instance.reason;
  if (reason === null) await makeBaseline(standIn, accountId);
  const done: StackInstance =
    reason === null
      ? { ...instance, status: 'CURRENT', detailedStatus: 'SUCCEEDED', reason }
      : { ...instance, status: 'OUTDATED', detailedStatus: 'FAILED', reason };
  await putInstance(standIn, done);
  standIn.log.info(
    { accountId, operationId, reason },
    reason === null ? 'a baseline is made' : 'a baseline failed',
  );
  return { reason };
}

async function queueInstance(standIn: StandIn, accountId: string, operationId: string): Promise<void> {
  const instance = await instanceOf(standIn, accountId);
  if (instance?.detailedStatus === 'RUNNING') return;
  await putInstance(standIn, {
    accountId,
    operationId,
    status: 'OUTDATED',
    detailedStatus: 'PENDING',
    reason: null,
  });
}

/** Accounts that `DeploymentTargets` of a service-managed stack set stand for. Throws ValidationError. */
export async function targetedAccounts(
  standIn: StandIn,
  targets: {
    readonly units: readonly string[];
    readonly accounts: readonly string[];
    readonly filter: string;
  },
): Promise<readonly VendedAccount[]> {
  const { units, accounts, filter } = targets;
  if (units.length === 0) {
    throw new AwsError(
      'ValidationError',
      'StackSets with SERVICE_MANAGED permission model can only have OrganizationalUnit as target',
    );
  }
  const unknown = units.find((unit) => unit !== awsNames.mlOu);
  if (unknown)
    throw new AwsError('ValidationError', `Organizational unit ${unknown} is not in the organization.`);
  const managed = await accountsInUnit(standIn, awsNames.mlOu);
  const named = (account: VendedAccount): boolean => accounts.includes(account.accountId);
  switch (filter) {
    case 'INTERSECTION':
      return managed.filter(named);
    case 'DIFFERENCE':
      return managed.filter((account) => !named(account));
    case 'NONE':
    case 'UNION':
      return managed;
    default:
      throw new AwsError('ValidationError', `AccountFilterType ${filter} is not supported.`);
  }
}
