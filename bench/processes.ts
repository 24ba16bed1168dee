import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../local/free-port';

type Stop = () => Promise<void>;

const root = join(import.meta.dirname, '..');

/** Starts the whole stack with the demo's data; `environment` has its ports and state folder. Returns what stops it. */
export const startSeeded = (environment: Readonly<Record<string, string>>): Promise<Stop> =>
  until(/ready http/, [process.execPath, '--import', 'tsx', 'local/start.ts'], root, environment);

/**
 * Builds and serves an app of the same Next version that has nothing of Annex: `/` has one button, `/rows` a table of 50 rows
 * with 8 cells.
 */
export async function startBareApp(): Promise<{ readonly origin: string; readonly stop: Stop }> {
  const port = await freePort();
  const folder = join(root, '.local', 'bench-bare');
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'app/rows'), { recursive: true });
  // Own page extensions: otherwise Next would use Annex's proxy.ts and instrumentation.ts from the root for the bare
  // page.
  const files = {
    'package.json': '{ "private": true, "type": "module" }',
    'next.config.js': `export default { turbopack: { root: ${JSON.stringify(root)} }, pageExtensions: ['bare.tsx'], typescript: { ignoreBuildErrors: true } };`,
    'app/layout.bare.tsx': 'export default ({ children }) => <html lang="en"><body>{children}</body></html>;',
    'app/button.tsx': `'use client';
import { useState } from 'react';
export default () => { const [on, set] = useState(false);
  return <button data-answers type="button" aria-pressed={on} onClick={() => set(!on)}>Press</button>; };`,
    'app/page.bare.tsx': `import Button from './button';
export const dynamic = 'force-dynamic';
export default () => <main><h1>Bare</h1><Button /></main>;`,
    'app/rows/page.bare.tsx': `export const dynamic = 'force-dynamic';
export default () => <main><h1>Rows</h1><table><tbody>
  {Array.from({ length: 50 }, (_, row) => <tr key={row} className="row">
    {Array.from({ length: 8 }, (_, cell) => <td key={cell} className="cell">{(row * 7919 + cell * 104729) % 10007 / 100}</td>)}
  </tr>)}
</tbody></table></main>;`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const next = join(root, 'node_modules/next/dist/bin/next');
  await (await until(/./, [process.execPath, next, 'build'], folder, {}, true))();
  const start = [process.execPath, next, 'start', '-p', String(port), '-H', 'localhost'];
  return { origin: `http://localhost:${port}`, stop: await until(/Ready/i, start, folder, {}) };
}

/** Starts a command and resolves once its output contains `ready`, or with `whole` once it has exited successfully. */
function until(ready: RegExp, command: string[], cwd: string, env: Record<string, string>, whole = false) {
  return new Promise<() => Promise<void>>((resolve, reject) => {
    const [file = '', ...args] = command;
    const child = spawn(file, args, { cwd, env: { ...process.env, NODE_ENV: 'production', ...env } });
    const gone = new Promise<void>((done) => child.once('exit', () => done()));
    const stop = async () => {
      child.kill('SIGTERM');
      await gone;
    };
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk;
        if (!whole && ready.test(output)) resolve(stop);
      });
    }
    child.once('exit', (code) => (whole && code === 0 ? resolve(async () => {}) : reject(new Error(output))));
  });
}
