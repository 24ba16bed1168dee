const blocked = 'one name cannot be a file and a folder at once';
/** By the code of Node's error. */
const inWords: Readonly<Record<string, string>> = {
  EEXIST: blocked,
  EISDIR: blocked,
  ENOTDIR: blocked,
  ENAMETOOLONG: 'a name is too long for a file',
  ENOSPC: 'the disk is full',
};

/** Why something failed, for the tenant. An error of the file system shows a path of this host: its code is enough. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  return inWords[code] ?? (syscall === undefined ? error.message : `${code} on this host`);
}
