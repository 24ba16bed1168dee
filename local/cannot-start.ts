/** A reason not to start. The message is one line that tells the user what to do. */
export class CannotStart extends Error {}

/** With this code, a part ends whose last line of output is the message of a CannotStart (EX_CONFIG of sysexits.h). */
export const cannotStartCode = 78;

/** Ends a part that could not start, with the reason as the last line of its output. */
export function endUnstarted(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof CannotStart ? cannotStartCode : 1);
}

/** Whether an error of the operating system means that nothing more can be stored: a full disk, a quota, a limit. */
export const isDiskFull = (error: unknown): boolean =>
  /ENOSPC|EDQUOT|EFBIG|No space left on device|[Qq]uota exceeded|File too large/.test(
    `${error instanceof Error && 'code' in error ? error.code : ''} ${error instanceof Error ? error.message : error}`,
  );
