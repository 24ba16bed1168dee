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
): string {
  const tail = log.trimEnd().split('\n').slice(-12).join('\n');
  if (isDiskFull(tail)) return diskFull(server.dataDir);
  if (/could not bind|Address already in use/.test(tail)) {
    return `Port ${server.port} for the PostgreSQL ${server.name} is used by another program. Stop it, or set ${server.portVariable} to a free port.`;
  }
  if (/[Pp]ermission denied|EACCES/.test(tail)) return outOfReach(server.dataDir);
  return `The PostgreSQL ${server.name} did not start. Last lines of ${server.logFile}:\n${tail}`;
}

/** A sentence that explains why a filesystem call or `initdb` failed. */
export function explainFailure(dir: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = error instanceof Error ? `${error.message}` : String(error);
  if (code === 'ENOSPC' || isDiskFull(text)) return new Error(diskFull(dir), { cause: error });
  if (code === 'EACCES' || /[Pp]ermission denied/.test(text))
    return new Error(outOfReach(dir), { cause: error });
  return error instanceof Error ? error : new Error(text);
}

const isDiskFull = (text: string): boolean => /No space left on device|ENOSPC|Disk quota exceeded/.test(text);

const diskFull = (dir: string): string =>
  `The disk with ${dir} is full. Free some space and start again. Stored data is kept.`;

const outOfReach = (dir: string): string =>
  `PostgreSQL cannot read or write ${dir}. When Annex is started as root, PostgreSQL runs as the user "postgres", which needs access to that folder and to node_modules. Start Annex as an ordinary user, or move the project to a folder that all users can read.`;
