import { AnnexError } from '@/lib/errors';

/** What an error of Prisma, its adapter or `pg`, or one of its causes, says about the failure. */
interface Symptoms {
  /** SQLSTATE of five characters. */
  readonly sqlState: string | null;
  /** Prisma's code (`P2002`) or the operating system's (`ECONNREFUSED`). */
  readonly codes: readonly string[];
  readonly message: string;
}

const lostCodes = new Set([
  'P1000',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  'P2037',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
const lostMessages =
  /Connection terminated|timeout exceeded when trying to connect|Can't reach database|Client has encountered a connection error|Unable to start a transaction/;

/**
 * Maps a database error: unique violation → `conflict`; text that it cannot store → `invalid`; no connection, no resources, a
 * full disk, timeout, deadlock → `dependency_failed` (transient); access denied → `dependency_denied`. Returns any other error unchanged.
 */
export function toAnnexError(error: unknown): unknown {
  if (error instanceof AnnexError) return error;
  const { sqlState, codes, message } = symptomsOf(error);
  if (sqlState === '23505' || codes.includes('P2002')) {
    return new AnnexError('conflict', 'This already exists. Nothing was changed.', { cause: error });
  }
  if (sqlState === '22021' || sqlState === '22P05') {
    return new AnnexError(
      'invalid',
      'The text contains a character that can’t be stored. Nothing was changed.',
      {
        cause: error,
      },
    );
  }
  if (sqlState === '42501') {
    return new AnnexError(
      'dependency_denied',
      'The database denied access. Nothing was changed. Tell your administrator.',
      { cause: error },
    );
  }
  if (isDiskFull(sqlState, message)) {
    // Transient: an administrator, or storage that grows by itself, ends it, and the work of jobs is not lost meanwhile.
    return new AnnexError(
      'dependency_failed',
      'The database’s disk is full. Nothing was changed. Tell your administrator.',
      { cause: error },
    );
  }
  if (sqlState === '57014') {
    return new AnnexError(
      'dependency_failed',
      'The database query took too long and was stopped. Nothing was changed. Try again.',
      { cause: error },
    );
  }
  if (isLost(sqlState, codes, message)) {
    return new AnnexError(
      'dependency_failed',
      'The database is unavailable. Nothing was changed. Try again in a moment.',
      { cause: error },
    );
  }
  return error;
}

/**
 * Whether `error`, of Prisma, its adapter or `pg`, says that the database cannot be reached or serves nobody. An AnnexError does
 * not: whoever made it of such an error has asked before.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof AnnexError) return false;
  const { sqlState, codes, message } = symptomsOf(error);
  // A database whose disk is full is there, and answers what only reads.
  if (isDiskFull(sqlState, message)) return false;
  // A transaction that took too long (P2028) says nothing of the server.
  const known = codes.filter((code) => code !== 'P2028');
  return isLost(sqlState, known, message) && !(sqlState !== null && /^(40|55P03|25P0)/.test(sqlState));
}

/** The SQLSTATE of an error that the database itself reported; else null. */
export function sqlStateOf(error: unknown): string | null {
  return symptomsOf(error).sqlState;
}

/** 53100, or a failed write that PostgreSQL reports as another error (class 58, XX000) in the operating system's words. */
function isDiskFull(sqlState: string | null, message: string): boolean {
  if (sqlState === '53100') return true;
  return /^(58|XX)/.test(sqlState ?? '') && /No space left on device|[Qq]uota exceeded/.test(message);
}

/**
 * SQLSTATE classes 08 (connection), 28 (a password that is being changed), 53 (resources), 57P (shutdown) and 40 (rollback);
 * 55P03 (lock timeout), 25P03 and 25P04 (idle for too long).
 */
function isLost(sqlState: string | null, codes: readonly string[], message: string): boolean {
  if (sqlState !== null) return /^(08|28|53|57P|40|55P03|25P0[34])/.test(sqlState);
  return codes.some((code) => lostCodes.has(code)) || lostMessages.test(message);
}

function symptomsOf(error: unknown): Symptoms {
  const codes: string[] = [];
  let sqlState: string | null = null;
  let message = '';
  const queue: unknown[] = [error];
  for (let depth = 0; depth < 12 && queue.length > 0; depth += 1) {
    const one = queue.shift();
    if (typeof one !== 'object' || one === null) continue;
    const {
      code,
      originalCode,
      cause,
      meta,
      driverAdapterError,
      message: text,
    } = one as Record<string, unknown>;
    for (const value of [code, originalCode]) {
      if (typeof value !== 'string') continue;
      if (/^[0-9A-Z]{5}$/.test(value) && !/^(P[1-6]\d{3}|EPIPE)$/.test(value)) sqlState ??= value;
      else codes.push(value);
    }
    if (typeof text === 'string') message += `${text}\n`;
    queue.push(cause, meta, driverAdapterError);
  }
  return { sqlState, codes, message };
}
