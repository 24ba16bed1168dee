import { parseArgs } from 'node:util';
import { ulid } from 'ulid';
import { closeDatabase } from '@/lib/db/core/client';
import { controlContextForSystem } from '@/lib/deps';
import { disablePerson } from '@/lib/domain/tenants/verbs/disable-person';
import { enablePerson } from '@/lib/domain/tenants/verbs/enable-person';
import { isAnnexError } from '@/lib/errors';
import { log } from '@/lib/log';

const usage = `Usage: npm run people -- --disable <e-mail address>
       npm run people -- --enable <e-mail address>
In the container image, run node dist/people.mjs with the same options.

Disabling a person ends all their sessions in Annex. Disable the user in Cognito, too.`;

/** A mistake in the command line, reported without a stack. */
class UsageError extends Error {}

async function main(): Promise<void> {
  const { disable, enable } = optionsOf(process.argv.slice(2));
  const email = disable ?? enable;
  if (email === undefined || (disable !== undefined && enable !== undefined)) throw new UsageError(usage);
  const verb = disable === undefined ? enablePerson : disablePerson;
  const people = await verb(controlContextForSystem(ulid()), { email });
  for (const { id, name } of people) {
    console.log(`${name} (${id}) is ${disable === undefined ? 'enabled' : 'disabled'}.`);
  }
}

function optionsOf(args: string[]) {
  try {
    return parseArgs({ args, options: { disable: { type: 'string' }, enable: { type: 'string' } } }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

main()
  .catch((error: unknown) => {
    process.exitCode = 1;
    if (!(error instanceof UsageError || isAnnexError(error)))
      log.error({ err: error }, 'the command failed');
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  })
  .finally(async () => {
    await closeDatabase();
    // Shared clients may keep sockets open.
    process.exit();
  });
