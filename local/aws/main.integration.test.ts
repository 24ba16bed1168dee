import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { awsNames } from '../aws-names';
import { freePort } from '../free-port';
import { exitWithParent } from '../supervisor';
import { readPortalCredentials } from './iam/portal-credentials';

let dir: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-main-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
});

function start(port: number, cognito: number): ChildProcess {
  const child = spawn(
    process.execPath,
    [exitWithParent, '--import', 'tsx', join(import.meta.dirname, 'main.ts')],
    {
      env: {
        ...process.env,
        ANNEX_STATE_DIR: dir,
        ANNEX_AWS_PORT: String(port),
        ANNEX_COGNITO_PORT: String(cognito),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  children.push(child);
  return child;
}

const message = (child: ChildProcess) => new Promise((resolve) => child.once('message', resolve));
const exit = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));
const list = async (origin: string) => {
  const credentials = await readPortalCredentials(dir);
  return new SQSClient({ region: awsNames.region, endpoint: origin, credentials }).send(
    new ListQueuesCommand({}),
  );
};

test('says when it is ready, serves both names of loopback, and ends with SIGTERM', async () => {
  const port = await freePort();
  const child = start(port, await freePort());
  expect(await message(child)).toEqual({ ready: true, origin: `http://localhost:${port}` });
  for (const host of ['localhost', '127.0.0.1'])
    expect((await list(`http://${host}:${port}`)).QueueUrls).toHaveLength(4);
  expect((await stat(join(dir, 'aws', 'portal-credentials.json'))).mode & 0o777).toBe(0o600);
  const second = start(port, await freePort());
  let said = '';
  second.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  expect(await exit(second)).toBe(1);
  expect(said).toContain(`Port ${port} of 127.0.0.1 is taken`);
  const ended = exit(child);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('ends when whoever started it is gone, and starts again after SIGKILL', async () => {
  const port = await freePort();
  const cognito = await freePort();
  const killed = start(port, cognito);
  await message(killed);
  const dead = exit(killed);
  killed.kill('SIGKILL');
  await dead;
  const child = start(port, cognito);
  await message(child);
  expect((await list(`http://localhost:${port}`)).QueueUrls).toHaveLength(4);
  const ended = exit(child);
  child.disconnect();
  expect(await ended).toBe(0);
});
