import { statfs } from 'node:fs/promises';

/** What LevelDB still has to write of what it took already must have room. */
const reserveBytes = 64 * 1024 ** 2;

/** Nothing more can be stored. `awsErrorOf` gives it the code of a service. */
export class DiskFull extends Error {
  readonly code = 'ENOSPC';

  constructor() {
    super('The disk of the AWS stand-ins is full. Nothing was stored. Free some space, then try again.');
  }
}

/** Throws DiskFull while the disk with `dir` has no room for more: before a write, so that none ends half-way. */
export async function requireSpace(dir: string): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  if (bavail * bsize < reserveBytes) throw new DiskFull();
}
