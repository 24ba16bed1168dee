import { findAccount } from '../control-tower/accounts';
import type { StandIn } from '../core/service';
import { instanceOf, type StackInstance } from './store';

/** The instance in `accountId` as the faults of its tenant make it: deleted, or behind the stack set after a failed update. */
export async function seenInstance(standIn: StandIn, accountId: string): Promise<StackInstance | undefined> {
  const instance = await instanceOf(standIn, accountId);
  const tenantId = await tenantOf(standIn, accountId);
  if (!instance || standIn.standing('stack.missing', tenantId) !== null) return undefined;
  const reason = standIn.standing('stack.failed', tenantId);
  return reason === null ? instance : { ...instance, status: 'OUTDATED', detailedStatus: 'FAILED', reason };
}

/** What the last detection of drift found in the account. */
export async function driftOf(standIn: StandIn, accountId: string): Promise<object> {
  const drifted = standIn.standing('stack.drifted', await tenantOf(standIn, accountId)) !== null;
  return drifted ? { DriftStatus: 'DRIFTED', LastDriftCheckTimestamp: new Date() } : {};
}

const tenantOf = async (standIn: StandIn, accountId: string): Promise<string> =>
  (await findAccount(standIn, accountId))?.tenantId ?? '';
