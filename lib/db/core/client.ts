import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { env } from '@/lib/env';
import { oneInProcess } from '@/lib/one-in-process';
import { PrismaClient } from '../generated/client';
import { openPool } from './pool';

interface Database {
  readonly prisma: PrismaClient;
  /** The connections of `prisma`, for reads that do without it. */
  readonly pages: pg.Pool;
  /** For `COPY` and long reads. A separate pool, so that slow readers of exports cannot block pages. */
  readonly streams: pg.Pool;
  close(): Promise<void>;
}

/** Connections for pages, and for `COPY` and long reads. */
export const pageConnections = 16;
export const streamConnections = 8;

/** If a page's query takes longer, something is wrong. Longer work sets its own limit. */
export const defaultStatementTimeoutMs = 15_000;

const opened = oneInProcess<{ current?: Database | undefined }>('database', () => ({}));

/** The process's database, opened on first use from `DATABASE_URL`. Only `withTenant`, `withControl` and their like may use it. */
export function database(): Database {
  opened.current ??= open(env().DATABASE_URL);
  return opened.current;
}

/** Opens the database at `url` instead of `DATABASE_URL`. For tests and benchmarks, which have their own database. */
export async function openDatabase(url: string): Promise<void> {
  await closeDatabase();
  opened.current = open(url);
}

/** Closes all connections, for a graceful shutdown. */
export async function closeDatabase(): Promise<void> {
  const closing = opened.current;
  opened.current = undefined;
  await closing?.close();
}

/** For readiness checks. Throws the driver's error unless the database responds to a query. */
export async function pingDatabase(): Promise<void> {
  await database().prisma.$queryRaw`SELECT 1`;
}

function open(url: string): Database {
  const pages = openPool({
    connectionString: url,
    max: pageConnections,
    application_name: 'annex',
    writable: true,
    pipeline: true,
    statement_timeout: defaultStatementTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
  });
  const streams = openPool({
    connectionString: url,
    max: streamConnections,
    application_name: 'annex-stream',
    writable: true,
    idle_in_transaction_session_timeout: 120_000,
  });
  const prisma = new PrismaClient({ adapter: new PrismaPg(pages) });
  return {
    prisma,
    pages,
    streams,
    close: async () => {
      await prisma.$disconnect();
      await Promise.all([pages.end(), streams.end()]);
    },
  };
}
