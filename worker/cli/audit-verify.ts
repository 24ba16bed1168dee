import { parseArgs } from 'node:util';
import { ulid } from 'ulid';
import { closeDatabase } from '@/lib/db/core/client';
import { controlContextForSystem } from '@/lib/deps';
import type { ChainFault, ChainVerdict } from '@/lib/domain/audit/ports';
import { verifyAudit } from '@/lib/domain/audit/verbs/verify-audit';
import { isAnnexError } from '@/lib/errors';
import { log } from '@/lib/log';

const usage = `Usage: npm run audit:verify
       npm run audit:verify -- --tenant <id>
In the container image, run node dist/audit-verify.mjs with the same options.

Checks that no audit row was removed, altered, moved or added since it was written. Exits with 1 at the first one that was.
Note the last hash of each chain somewhere else: with it you can tell whether a whole chain was written anew.`;

/** A mistake in the command line, reported without a stack. */
class UsageError extends Error {}

const faults: Readonly<Record<ChainFault, string>> = {
  missing: 'is missing',
  removed: 'was removed',
  altered: 'was altered',
  moved: 'is not the one that was written there',
  'cut off': 'was cut off, with all that followed',
  added: 'was added without its link',
};

async function main(): Promise<void> {
  const { tenant } = optionsOf(process.argv.slice(2));
  const verdicts = await verifyAudit(controlContextForSystem(ulid()), { tenantId: tenant });
  let rows = 0;
  let chains = 0;
  for await (const verdict of verdicts) {
    if ('broken' in verdict) {
      process.exitCode = 1;
      process.stderr.write(`${inWords(verdict)}\n`);
      return;
    }
    console.log(`${nameOf(verdict.chain)}: ${verdict.rows} rows, last hash ${verdict.hash}`);
    rows += verdict.rows;
    chains += 1;
  }
  console.log(`${rows} rows in ${chains} chains are as they were written.`);
}

function inWords({ chain, broken }: Extract<ChainVerdict, { broken: object }>): string {
  const id = broken.eventId === null ? '' : ` (${broken.eventId})`;
  return `${nameOf(chain)}: row ${broken.seq}${id} ${faults[broken.fault]}.`;
}

const nameOf = (chain: string): string => (chain === '' ? 'Control plane' : `Tenant ${chain}`);

function optionsOf(args: string[]) {
  try {
    return parseArgs({ args, options: { tenant: { type: 'string' } } }).values;
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
