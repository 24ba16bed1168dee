import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { askedToStop, whenAborted } from './asked-to-stop';
import { awsNames } from './aws-names';
import { CannotStart } from './cannot-start';
import { demoUsers } from './cognito/demo-users';
import { portsFrom, stateDir } from './environment';
import { checkMade } from './made';
import { checkDisk, checkPorts, lock } from './preflight';
import { quietSdk } from './quiet-sdk.mjs';
import { makeDemoTenants, wantDemoTenants, wantsTwenty } from './seed/make-demo-tenants';
import { startStack } from './stack';

Object.assign(process.env, quietSdk);
const root = join(import.meta.dirname, '..');
const say = (line: string) => console.log(line);

async function main(): Promise<void> {
  const dir = stateDir(process.env, root);
  const ports = portsFrom(process.env);
  const twenty = wantsTwenty(process.env);
  const password = process.env.ANNEX_DEMO_PASSWORD ?? awsNames.demoPassword;
  await checkDisk(dir);
  const release = await lock(dir);
  const asked = askedToStop();
  let stack: Awaited<ReturnType<typeof startStack>>;
  try {
    await checkMade(dir);
    await checkPorts(ports, dir);
    if (twenty) await wantDemoTenants(dir);
    stack = await startStack({ root, dir, ports, say, signal: asked });
  } catch (error) {
    await release();
    if (!asked.aborted) throw error;
    say('Stopped before every part was running.');
    process.exit(0);
  }
  say('');
  for (const { name, where, pid } of stack.parts())
    say(`  ${name.padEnd(24)} ${where.padEnd(36)} pid ${pid}`);
  say(`  ${'Mails'.padEnd(24)} http://localhost:${ports.cognito}/outbox`);
  say('\n  Sign in as');
  for (const { email, group, tenant } of demoUsers)
    say(`  ${email.padEnd(24)} ${group}${tenant ? ` of ${tenant}` : ''}`);
  say(`  password                 ${password}\n`);
  say(`ready http://localhost:${ports.portal}`);
  process.send?.({ ready: true });
  makeDemoTenants(dir, stack.stack, password, say, asked).catch((error: unknown) => {
    if (asked.aborted) return;
    const why = error instanceof Error ? error.message : String(error);
    say(`The demo’s further tenants are not complete; the next start goes on. ${why}`);
  });
  await whenAborted(asked);
  say('\nStopping …');
  await stack.stop();
  await rm(join(dir, 'running.json'), { force: true });
  await release();
  process.exit(0);
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
