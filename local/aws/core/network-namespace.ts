import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What runs a program without a network, from a list of arguments that the program follows. */
const unshare = ['/usr/bin/unshare', '/bin/unshare'].find((file) => existsSync(file));

const options = ['-U', '-n', '--'];

let works: Promise<boolean> | null = null;

/**
 * The command that gives a program an empty network namespace of its own, in a user namespace in which it is nobody: Linux does that
 * without privileges unless an administrator forbids it. Null where it cannot be had. The program keeps its process id.
 */
export async function emptyNetwork(): Promise<readonly [file: string, ...args: string[]] | null> {
  if (unshare === undefined) return null;
  works ??= runs(unshare);
  return (await works) ? [unshare, ...options] : null;
}

const runs = (file: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = spawn(file, [...options, process.execPath, '--version'], {
      env: { NODE_ENV: 'production' },
      stdio: 'ignore',
    });
    probe.once('error', () => resolve(false));
    probe.once('close', (code) => resolve(code === 0));
  });
