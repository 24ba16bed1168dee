import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoOne } from '@/lib/memo';
import { bundle } from '../bundle.mjs';

/** A program of the build of the worker and the operator's commands. */
export type Program = 'worker' | 'crm-import' | 'contract-test' | 'people' | 'audit-verify';

/** Bundled once in this process, since a bundle starts in a third of the time that the sources take. */
const folder = memoOne(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'annex-worker-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  await bundle(dir);
  return dir;
});

/** The file of a program, as it runs in production. */
export const builtProgram = async (name: Program): Promise<string> => join(await folder(), `${name}.mjs`);

/** Runs a command of the operator to its end, with `stdin` as its input. */
export async function runCommand(
  name: Exclude<Program, 'worker'>,
  args: readonly string[],
  { env = process.env, stdin }: { readonly env?: NodeJS.ProcessEnv; readonly stdin?: string } = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const file = await builtProgram(name);
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [file, ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, err }),
    );
    if (stdin !== undefined) child.stdin?.end(stdin);
  });
}
