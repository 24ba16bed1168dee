import { dirname, join } from 'node:path';
import { CannotStart, isDiskFull } from '../cannot-start';

/** Turns the end of a server's log, or an operating-system error, into a sentence that says what to do. */
export function explainLog(
  server: {
    readonly name: string;
    readonly port: number;
    readonly portVariable: string;
    readonly dataDir: string;
    readonly logFile: string;
  },
  log: string,
): Error {
  const tail = log.trimEnd().split('\n').slice(-12).join('\n');
  if (isDiskFull(tail)) return new CannotStart(diskFull(server.dataDir));
  if (/could not bind|Address already in use/.test(tail)) {
    return new CannotStart(
      `Port ${server.port} for the PostgreSQL ${server.name} is used by another program. Stop it, or set ${server.portVariable} to a free port.`,
    );
  }
  if (/[Pp]ermission denied|EACCES/.test(tail)) return new CannotStart(outOfReach(server.dataDir));
  const damage = damageIn(tail);
  if (damage) return new CannotStart(damaged(server.dataDir, damage));
  return new Error(`The PostgreSQL ${server.name} did not start. Last lines of ${server.logFile}:\n${tail}`);
}

/** A sentence that explains why a filesystem call or `initdb` failed. */
export function explainFailure(dir: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = error instanceof Error ? `${error.message}` : String(error);
  if (isDiskFull(error)) return new CannotStart(diskFull(dir), { cause: error });
  if (code === 'EACCES' || /[Pp]ermission denied/.test(text))
    return new CannotStart(outOfReach(dir), { cause: error });
  return error instanceof Error ? error : new Error(text);
}

/** The words in which PostgreSQL says at its start that a file of its data is gone or has another content. */
const damageIn = (log: string): string | null =>
  log
    .split('\n')
    .filter((line) => /^(?:\S+ \S+ \S+ \[\d+\] )?(FATAL|PANIC|postgres)/.test(line))
    .find((line) =>
      /could not (open|read|find|access) (file|the server configuration file|directory|the database system)|could not locate|does not exist|incompatible with server|is not a valid data directory|incorrect checksum|invalid (magic|data in file|checkpoint|primary checkpoint)|contains (invalid|bogus) data|checkpoint record|byte ordering|read \d+ of \d+/.test(
        line,
      ),
    )
    ?.replace(/^.*?(FATAL|PANIC|postgres): +/, '') ?? null;

/**
 * Why a server that runs will never let this program in: other passwords, or a database that is damaged. Null when another try
 * may succeed.
 */
export function explainRefusal(dataDir: string, error: unknown): Error | null {
  const { code = '', message } = error as { readonly code?: string; readonly message: string };
  if (code === '28P01') {
    return new CannotStart(
      `${join(dirname(dataDir), 'secrets.json')} does not hold the passwords of the database in ${dataDir}. Restore the file that belongs to it, or start over with "npm run reset", which deletes all data.`,
    );
  }
  return /^(3D000|58P01|XX00[0-2])$/.test(code) ? new CannotStart(damaged(dataDir, message)) : null;
}

/** The sentence for a data directory that is not whole. `why` is what was noticed. */
export const damaged = (dataDir: string, why: string): string =>
  `The database in ${dataDir} is damaged: ${why}. It holds tenants, customers, scores and the audit log. Restore the folder, or start over with "npm run reset", which deletes all data.`;

const diskFull = (dir: string): string =>
  `The disk with ${dir} is full. Free some space and start again. Stored data is kept.`;

const outOfReach = (dir: string): string =>
  `PostgreSQL cannot read or write ${dir}. When Annex is started as root, PostgreSQL runs as the user "postgres", which needs access to that folder and to node_modules. Start Annex as an ordinary user, or move the project to a folder that all users can read.`;
