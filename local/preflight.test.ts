import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ports, portsFrom } from './environment';
import { checkPorts, lock } from './preflight';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-preflight-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('checkPorts', () => {
  it('names the part, the port, who has it, and the variable that moves it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const ports: Ports = { portal: 0, aws: port, cognito: 0, postgres: 0, standby: 0 };
    await expect(checkPorts(ports, dir)).rejects.toThrow(
      `Port ${port} (AWS stand-ins) is used by process ${process.pid} (`,
    );
    await expect(checkPorts(ports, dir)).rejects.toThrow('ANNEX_AWS_PORT=… npm start');
    await new Promise((resolve) => other.close(resolve));
    await expect(checkPorts(ports, dir)).resolves.toBeUndefined();
  });
});

describe('portsFrom', () => {
  it('refuses what is no port with the name of the variable', () => {
    expect(() => portsFrom({ ANNEX_PG_PORT: 'http' })).toThrow('ANNEX_PG_PORT=http is not a port');
    expect(portsFrom({ PORT: '8080' })).toMatchObject({ portal: 8080, aws: 4566 });
  });
});

describe('lock', () => {
  it('is one process’s at a time, and free again when that one is killed', async () => {
    const holder = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        '--input-type=module',
        '-e',
        `const { takeLock } = await import(${JSON.stringify(join(import.meta.dirname, 'lock.ts'))});
         if (await takeLock(${JSON.stringify(dir)})) console.log('held'); setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    await expect(lock(dir)).rejects.toThrow(
      `Annex is already running with ${dir}. Stop it with Ctrl-C in its terminal, or with: kill ${holder.pid}`,
    );
    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    await (await lock(dir))();
  });
});
