import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { awsNames } from './aws-names';
import { demoUsers } from './cognito/demo-users';
import { portsFrom, stateDir } from './environment';
import { CannotStart, checkDisk, checkPorts, lock } from './preflight';
import { quietSdk } from './quiet-sdk.mjs';
import { startStack } from './stack';

Object.assign(process.env, quietSdk);
const root = join(import.meta.dirname, '..');
const say = (line: string) => console.log(line);

async function main(): Promise<void> {
  const dir = stateDir(process.env, root);
  const ports = portsFrom(process.env);
  await checkDisk(dir);
  const release = await lock(dir);
  let stack: Awaited<ReturnType<typeof startStack>> | undefined;
  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    say('\nStopping …');
    await stack?.stop();
    await rm(join(dir, 'running.json'), { force: true });
    await release();
    process.exit(code);
  };
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => (stack ? void stop(0) : interrupted.abort()));
  }
  process.on('disconnect', () => (stack ? void stop(0) : interrupted.abort()));
  try {
    await checkPorts(ports);
    stack = await startStack({ root, dir, ports, say, signal: interrupted.signal });
  } catch (error) {
    await release();
    if (!interrupted.signal.aborted) throw error;
    say('Stopped before every part was running.');
    process.exit(0);
  }
  say('');
  for (const { name, where, pid } of stack.parts())
    say(`  ${name.padEnd(24)} ${where.padEnd(36)} pid ${pid}`);
  say('\n  Sign in as');
  for (const { email, group, tenant } of demoUsers)
    say(`  ${email.padEnd(24)} ${group}${tenant ? ` of ${tenant}` : ''}`);
  say(`  password                 ${process.env.ANNEX_DEMO_PASSWORD ?? awsNames.demoPassword}\n`);
  say(`ready http://localhost:${ports.portal}`);
  process.send?.({ ready: true });
}

main().catch((error: unknown) => {
  const known = error instanceof CannotStart;
  console.error(
    known
      ? error.message
      : `Annex could not start: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exit(1);
});
