import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ulid } from 'ulid';
import { closeDatabase } from '@/lib/db/core/client';
import { tenantContextForSystem } from '@/lib/deps';
import type { OrderDates } from '@/lib/domain/crm/ports';
import { type ImportResult, importOrders } from '@/lib/domain/crm/verbs/import-orders';
import { utcDay } from '@/lib/domain/time';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { log } from '@/lib/log';

const usage = `Usage: npm run crm:import -- --tenant <id> --file <orders.csv, or - for standard input>
  --date-format <format>  how ordered_at is written, if not as ISO 8601, such as "%d.%m.%Y %H:%M"
  --time-zone <name>      the time zone of times without an offset, such as Europe/Berlin; otherwise UTC
  --allow-future          accept dates after today
In the container image, run node dist/crm-import.mjs with the same options.`;
const progressEveryMs = 200;

/** A mistake in the command line, reported without a stack. */
class UsageError extends Error {}

async function main(): Promise<void> {
  const { tenant, file, dates } = argumentsOf(process.argv.slice(2));
  const source = await openSource(file);
  const context = await tenantContextForSystem(tenant, ulid());
  const startedAt = Date.now();
  const summary = await importOrders(context, {
    csv: withProgress(source.bytes, source.size),
    reading: dates,
    file: { name: null, bytes: source.size },
  });
  console.log(summaryText(summary, tenant, Date.now() - startedAt));
}

interface Arguments {
  readonly tenant: string;
  readonly file: string;
  readonly dates: OrderDates;
}

function argumentsOf(args: string[]): Arguments {
  const { values } = parse(args);
  const { tenant, file, 'date-format': format, 'time-zone': timeZone, 'allow-future': allowFuture } = values;
  if (!tenant || !file) throw new UsageError(usage);
  return { tenant, file, dates: { format, timeZone, allowFuture } };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      options: {
        tenant: text,
        file: text,
        'date-format': text,
        'time-zone': text,
        'allow-future': { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

interface Source {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Bytes; null when unknown. */
  readonly size: number | null;
}

async function openSource(path: string): Promise<Source> {
  if (path === '-') return { bytes: process.stdin, size: null };
  try {
    const file = await open(path);
    const found = await file.stat();
    await file.close();
    if (found.isDirectory())
      throw new AnnexError('invalid', `${path} is a folder. Specify a CSV file of orders.`);
    return {
      bytes: createReadStream(path, { highWaterMark: 256 * 1024 }),
      size: found.isFile() ? found.size : null,
    };
  } catch (error) {
    if (isAnnexError(error)) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : '';
    throw new AnnexError(
      'invalid',
      code === 'ENOENT' ? `File not found: ${path}.` : `${path} cannot be read (${code}).`,
    );
  }
}

/** Passes the bytes on and reports progress on standard error: one line that updates on a terminal, few lines in a log. */
async function* withProgress(
  bytes: AsyncIterable<Uint8Array>,
  size: number | null,
): AsyncGenerator<Uint8Array> {
  const terminal = process.stderr.isTTY === true;
  const say = (text: string) => process.stderr.write(terminal ? `\r${text.padEnd(60)}` : `${text}\n`);
  let read = 0;
  let saidAt = Date.now();
  for await (const chunk of bytes) {
    read += chunk.byteLength;
    const wait = terminal ? progressEveryMs : progressEveryMs * 25;
    if (Date.now() - saidAt >= wait) {
      saidAt = Date.now();
      say(`reading ${share(read, size)}`);
    }
    yield chunk;
  }
  say(`read ${share(read, size)}, storing`);
  if (terminal) process.stderr.write('\n');
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

function share(read: number, size: number | null): string {
  return size
    ? `${megabytes(read)} of ${megabytes(size)} (${Math.floor((read / size) * 100)} %)`
    : megabytes(read);
}

function summaryText(summary: ImportResult, tenant: string, tookMs: number): string {
  const orders = (count: number) => units(count, 'order');
  const customers = (count: number) => units(count, 'customer');
  const added =
    summary.newOrders === 0
      ? 'all of them were already imported, nothing was added'
      : `added ${orders(summary.newOrders)} and ${customers(summary.newCustomers)}`;
  return [
    `${orders(summary.orders)} from ${customers(summary.customers)} for ${tenant}: ${added}.`,
    `as_of ${utcDay(summary.asOf)}; took ${(tookMs / 1000).toFixed(1)} s.`,
    scoresText[summary.scores],
  ].join('\n');
}

/** `1 order`, `1,200 orders`. */
const units = (count: number, one: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : `${one}s`}`;

const scoresText: Readonly<Record<ImportResult['scores'], string>> = {
  requested: 'Scores will follow within about a minute.',
  later:
    'The orders are stored, but the job queue (Amazon SQS) does not respond. Scores will follow within a few minutes once it is back.',
  current: 'The scores are up to date.',
};

main()
  .catch((error: unknown) => {
    process.exitCode = 1;
    const text = error instanceof Error ? error.message : String(error);
    const isMistake = error instanceof UsageError;
    if (!isMistake && !isAnnexError(error)) log.error({ err: error }, 'import failed');
    process.stderr.write(isMistake ? `${text}\n` : `Import failed: ${text}\n`);
  })
  .finally(async () => {
    await closeDatabase();
    // Shared clients may keep sockets open.
    process.exit();
  });
