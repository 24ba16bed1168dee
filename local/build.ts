import { createHash } from 'node:crypto';
import { access, cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { runNode } from './supervisor';

const sources = ['app', 'components', 'lib', 'portal', 'prisma', 'public', 'worker'];
const rootFiles = [
  'instrumentation-client.ts',
  'instrumentation.ts',
  'next.config.js',
  'package-lock.json',
  'postcss.config.mjs',
  'proxy.ts',
  'tsconfig.json',
];
const kept = 3;

/**
 * Builds the product for production from the current sources in `root`. Returns the folder, which has
 * `portal/portal.mjs` and `dist/worker.mjs`. Each state of the sources is built once, in its own folder, so a running
 * portal keeps its files.
 */
export async function productBuild(
  root: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const builds = join(root, '.local', 'build');
  await mkdir(builds, { recursive: true });
  const target = join(builds, await fingerprint(root));
  if (await exists(target)) return target;
  say('Building the portal and the worker (only after source changes) …');
  await run(root, ['node_modules/next/dist/bin/next', 'build'], signal);
  await run(root, ['portal/build.mjs'], signal);
  await run(root, ['worker/build.mjs'], signal);
  const draft = `${target}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await cp(join(root, '.next', 'standalone'), join(draft, 'portal'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  await cp(join(root, '.next', 'static'), join(draft, 'portal', '.next', 'static'), { recursive: true });
  await cp(join(root, 'public'), join(draft, 'portal', 'public'), { recursive: true });
  await cp(join(root, 'dist'), join(draft, 'dist'), { recursive: true });
  await rename(draft, target).catch(async (error: unknown) => {
    // Another start has finished the same build meanwhile.
    if (!(await exists(target))) throw error;
    await rm(draft, { recursive: true, force: true });
  });
  await prune(builds, target);
  return target;
}

/**
 * What Node is given to run the portal of the build in `built`. As in the Dockerfile: a request leaves much garbage behind, and
 * with Node's own limit for new objects (16 MB) collecting it takes a tenth of the portal's time.
 */
export const portalArguments = (built: string): readonly string[] => [
  '--max-semi-space-size=64',
  join(built, 'portal/portal.mjs'),
];

async function fingerprint(root: string): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  const files = [...rootFiles];
  for (const folder of sources) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const path = relative(root, join(entry.parentPath, entry.name));
      if (entry.isFile() && !path.startsWith(join('lib', 'db', 'generated'))) files.push(path);
    }
  }
  for (const path of files.sort()) {
    const content = await readFile(join(root, path)).catch(() => null);
    if (content) hash.update(path).update('\0').update(content).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * Keeps the newest few builds, because an older portal may still run from its own. Leaves drafts alone: one may be in
 * progress.
 */
async function prune(builds: string, newest: string): Promise<void> {
  const names = (await readdir(builds)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const dated = await Promise.all(
    names.map(async (name) => ({ path: join(builds, name), at: (await stat(join(builds, name))).mtimeMs })),
  );
  dated.sort((a, b) => b.at - a.at);
  for (const { path } of dated.filter(({ path }) => path !== newest).slice(kept - 1)) {
    await rm(path, { recursive: true, force: true });
  }
}

function run(root: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } as const;
  return runNode(args, { cwd: root, env, signal, failure: `The build failed (${args.join(' ')})` });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
