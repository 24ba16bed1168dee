import type { Action } from '@/lib/domain/authorize';
import { isAnnexError } from '@/lib/errors';
import { log } from '@/lib/log';
import { recordRefusal } from './people';
import { currentSession } from './session';

/** Audits `error` if it refuses the signed-in person `action`. Never throws: a refusal stands without its audit row, too. */
export async function auditRefusal(error: unknown, action: Action, requestId: string): Promise<void> {
  if (!isAnnexError(error, 'forbidden')) return;
  try {
    const session = await currentSession();
    if (session) await recordRefusal(session, action, requestId);
  } catch (failure) {
    // Not as `err`: the audit lacks a row, whatever the log says of the database.
    const reason = failure instanceof Error ? failure.message : String(failure);
    log.error({ reason, request: requestId, action }, 'a refusal could not be audited');
  }
}
