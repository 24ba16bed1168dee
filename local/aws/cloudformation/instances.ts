import { awsNames } from '@/local/aws-names';
import { accountsInUnit, type VendedAccount } from '../control-tower/accounts';
import { createDurableTimers } from '../core/durable-timers';
import { createKeyedMutex } from '../core/keyed-mutex';
import { AwsError, type StandIn } from '../core/service';
import type { StackSets } from '../core/services';
import { failedBaseline, failedRemoval, makeBaseline, removeBaseline } from './baseline';
import {
  allOperations,
  forgetInstance,
  instanceOf,
  operationOf,
  putInstance,
  putOperation,
  type StackInstance,
  type StackSetOperation,
} from './store';

/** Creates stack instances. Each step of a deployment survives a restart. */
export interface Deployments extends StackSets {
  /**
   * Creates or repairs the instances of the accounts. The same id with the same accounts is the same operation. Throws
   * OperationIdAlreadyExistsException when the accounts differ.
   */
  deploy(operationId: string, accountIds: readonly string[]): Promise<void>;
  /** Deletes the instances of the accounts with their stacks; those that have none are left out. Throws as `deploy`. */
  remove(operationId: string, accountIds: readonly string[]): Promise<void>;
  start(): Promise<void>;
}

interface DeploymentTimers {
  run: { readonly operationId: string; readonly accountId: string };
  finish: { readonly operationId: string; readonly accountId: string };
}

/** Deploys the baseline to the accounts of the organizational unit. */
export function createDeployments(standIn: StandIn): Deployments {
  const withLock = createKeyedMutex();
  const timers = createDurableTimers<DeploymentTimers>(standIn, 'cloudformation.stages', {
    run: async ({ operationId, accountId }) => {
      const turn = await withLock(`account/${accountId}`, () => takeTurn(standIn, operationId, accountId));
      if (turn === 'wait') return Math.max(10, standIn.stepMs / 2);
      if (turn === 'done') return undefined;
      await timers.schedule('finish', `${operationId}/${accountId}`, standIn.stepMs, {
        operationId,
        accountId,
      });
      return undefined;
    },
    finish: async ({ operationId, accountId }) => {
      const result = await withLock(`account/${accountId}`, () => finish(standIn, operationId, accountId));
      if (result)
        await withLock(`operation/${operationId}`, () =>
          recordOutcome(standIn, operationId, accountId, result.reason),
        );
      return undefined;
    },
  });

  async function begin(operation: StackSetOperation): Promise<void> {
    for (const accountId of operation.accountIds) {
      if (operation.results[accountId]) continue;
      const { operationId } = operation;
      await timers.schedule('run', `${operationId}/${accountId}`, standIn.stepMs / 2, {
        operationId,
        accountId,
      });
    }
  }

  async function operate(
    operationId: string,
    action: 'CREATE' | 'DELETE',
    ids: readonly string[],
  ): Promise<void> {
    const accountIds = [...ids].sort();
    const known = await operationOf(standIn, operationId);
    if (known && (known.accountIds.join() !== accountIds.join() || (known.action ?? 'CREATE') !== action)) {
      throw new AwsError(
        'OperationIdAlreadyExistsException',
        `Operation ${operationId} already exists.`,
        409,
      );
    }
    if (known) return;
    for (const accountId of accountIds) {
      await withLock(`account/${accountId}`, () => queueInstance(standIn, accountId, operationId));
    }
    const operation = newOperation(operationId, action, accountIds);
    await putOperation(standIn, operation);
    await begin(operation);
  }

  return {
    deploy: (operationId, accountIds) =>
      withLock(`operation/${operationId}`, () => operate(operationId, 'CREATE', accountIds)),
    remove: (operationId, accountIds) =>
      withLock(`operation/${operationId}`, () => operate(operationId, 'DELETE', accountIds)),
    deployToNewAccount: ({ accountId, recordId }) => {
      const operationId = `auto-${recordId}`;
      return withLock(`operation/${operationId}`, () => operate(operationId, 'CREATE', [accountId]));
    },
    async start() {
      await timers.start();
      // Operations that were stored just before a stop have no timer yet.
      for (const operation of await allOperations(standIn))
        if (operation.endedAt === null) await begin(operation);
    },
  };
}

/** Records the result in one account. The last account ends the operation. */
async function recordOutcome(
  standIn: StandIn,
  operationId: string,
  accountId: string,
  reason: string | null,
): Promise<void> {
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

function newOperation(
  operationId: string,
  action: 'CREATE' | 'DELETE',
  accountIds: readonly string[],
): StackSetOperation {
  const createdAt = new Date().toISOString();
  const common = { operationId, action, accountIds, results: {}, createdAt };
  return accountIds.length === 0
    ? { ...common, status: 'SUCCEEDED', endedAt: createdAt }
    : { ...common, status: 'QUEUED', endedAt: null };
}

/** Returns `wait` while another operation works on the instance: managed execution queues conflicting operations. */
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
  if ((await operationOf(standIn, operationId))?.action === 'DELETE') return finishRemoval(standIn, instance);
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
    reason === null ? 'A baseline has been made.' : 'A baseline failed.',
  );
  return { reason };
}

async function finishRemoval(
  standIn: StandIn,
  instance: StackInstance,
): Promise<{ readonly reason: string | null }> {
  const { accountId } = instance;
  const reason = await failedRemoval(standIn, accountId);
  if (reason === null) {
    await removeBaseline(standIn, accountId);
    await forgetInstance(standIn, accountId);
  } else await putInstance(standIn, { ...instance, status: 'INOPERABLE', detailedStatus: 'FAILED', reason });
  standIn.log.info(
    { accountId, reason },
    reason === null ? 'A baseline has been removed.' : 'A baseline could not be removed.',
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

/** The accounts that `DeploymentTargets` of a service-managed stack set selects. Throws ValidationError. */
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
