import { AnnexError } from '@/lib/errors';

/** What a failure of Prisma, its adapter or `pg` says about itself, wherever in the chain of causes it says it. */
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
 * Maps what the database failed with: unique violation → `conflict`; text it cannot hold → `invalid`; no connection, no
 * room, timeout, deadlock → `dependency_failed` (transient); refused access → `dependency_denied`. Anything else comes back as it is.
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

/** SQLSTATE of a failure, if the database itself reported it. */
export function sqlStateOf(error: unknown): string | null {
  return symptomsOf(error).sqlState;
}

/**
 * Classes 08 connection, 28 a password that is being changed, 53 resources, 57P shutdown; 40 rollback; 55P03 lock timeout;
 * 25P03/25P04 idle too long.
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
