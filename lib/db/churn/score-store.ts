import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { FitDecision, HistoryGroup, OrderHistory, Rescored, ScoreStore } from '@/lib/domain/churn/ports';
import { addDays, horizonDays, utcDay } from '@/lib/domain/time';
import { appendAuditOn } from '../core/audit-log';
import { sqlStateOf } from '../core/errors';
import { withTenantConnection } from '../core/tenant-scope';
import {
  copyHistories,
  countScores,
  createStage,
  fillStage,
  recordScoring,
  storeScores,
} from './score-statements';

const longestRefitMs = 30 * 60 * 1000;
const longestWaitMs = 300;
const betweenAttemptsMs = 700;
const seatAttempts = 60;
/** From this many customers on, a swap of partitions costs less than updating the indexes row by row. */
const customersOfOwnSheet = 100_000;

/** Features and default scores of `tenantId`, computed by set-based SQL in the database. */
export function scoreStore(tenantId: string, { ownSheetFrom = customersOfOwnSheet } = {}): ScoreStore {
  return {
    rescore: async (decide, audit) => {
      const inTenant = <T>(work: (client: pg.PoolClient) => Promise<T>) =>
        withTenantConnection(tenantId, work, { timeoutMs: longestRefitMs });
      const rescored = await inTenant((client) => rescore(client, tenantId, ownSheetFrom, decide, audit));
      // Afterwards, so that the new scores are not kept waiting.
      if ('customers' in rescored && rescored.customers >= ownSheetFrom)
        await inTenant((client) => client.query('SELECT crm.index_seated_sheet()'));
      return rescored;
    },
  };
}

type Decide = (history: OrderHistory) => Promise<FitDecision>;

async function rescore(
  client: pg.PoolClient,
  tenantId: string,
  ownSheetFrom: number,
  decide: Decide,
  audit: ((revision: number) => AuditEvent) | undefined,
): Promise<Rescored> {
  await client.query(`SET LOCAL timezone = 'UTC'; SET LOCAL work_mem = '64MB'`);
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('annex.scores/' || $1, 0))`, [tenantId]);
  const orders = await newestOrders(client, tenantId);
  if (orders === null) return { outcome: 'empty' };
  const { revision, asOf } = orders;
  if (orders.scoredRevision === revision) return { outcome: 'current', revision };
  await client.query(createStage);
  const staged = await client.query(fillStage, [tenantId, asOf, addDays(asOf, -horizonDays), utcDay(asOf)]);
  const customers = staged.rowCount ?? 0;
  const decision = await decide({ revision, asOf, batches: histories(client) });
  const store = customers < ownSheetFrom ? storeInPlace : storeInSheet;
  await store(client, { tenantId, revision, asOf, customers, decision });
  if (audit) {
    // The limit was for locks that make readers wait. This one is held by commits alone.
    await client.query('SET LOCAL lock_timeout = 0');
    await appendAuditOn(client, tenantId, audit(revision));
  }
  return { outcome: decision.outcome === 'fitted' ? 'scored' : 'unfitted', revision, customers };
}

/** Null while the tenant has no orders. */
async function newestOrders(client: pg.PoolClient, tenantId: string) {
  const { rows } = await client.query<{
    revision: string;
    as_of: Date | null;
    scored_revision: string | null;
  }>('SELECT revision, as_of, scored_revision FROM crm.history WHERE tenant_id = $1', [tenantId]);
  const row = rows[0];
  if (!row?.as_of) return null;
  const scoredRevision = row.scored_revision === null ? null : Number(row.scored_revision);
  return { revision: Number(row.revision), asOf: row.as_of, scoredRevision };
}

/** The staged histories, grouped. `COPY` saves the client from parsing every value by type. */
export async function* histories(client: pg.PoolClient): AsyncGenerator<readonly HistoryGroup[]> {
  const stream = client.query(copyTo(copyHistories));
  const read = historyReader();
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield read(chunk);
  } finally {
    // When a reader stops early, the unread rows would be taken for the response to the next statement.
    if (!stream.readableEnded && !stream.destroyed) {
      stream.resume();
      await finished(stream);
    }
  }
}

/** Parses lines of four whole numbers separated by tabs. Chunks may end anywhere in a line. */
function historyReader(): (chunk: Uint8Array) => readonly HistoryGroup[] {
  const [tab, newline, zero] = [9, 10, 48];
  const fields = [0, 0, 0, 0];
  let field = 0;
  return (chunk) => {
    const groups: HistoryGroup[] = [];
    for (const byte of chunk) {
      if (byte === tab) field += 1;
      else if (byte === newline) {
        const [repeats = 0, recencyDays = 0, ageDays = 0, customers = 0] = fields;
        groups.push({ repeats, recencyDays, ageDays, customers });
        fields.fill(0);
        field = 0;
      } else fields[field] = (fields[field] ?? 0) * 10 + byte - zero;
    }
    return groups;
  };
}

interface Refit {
  readonly tenantId: string;
  readonly revision: number;
  readonly asOf: Date;
  readonly customers: number;
  readonly decision: FitDecision;
}

/** Rewrites the tenant's rows in their partition, shared or its own. */
async function storeInPlace(client: pg.PoolClient, refit: Refit): Promise<void> {
  await client.query('DELETE FROM crm.customer_score WHERE tenant_id = $1', [refit.tenantId]);
  await client.query(storeScores('crm.customer_score'), storedBy(refit));
  await record(client, refit, await count(client, refit, 'crm.customer_score'));
}

/** Fills and indexes a new partition beside the tenant's scores, then swaps it in (see the migration score_sheets). */
async function storeInSheet(client: pg.PoolClient, refit: Refit): Promise<void> {
  const { rows } = await client.query<{ sheet: string; seated: boolean }>(
    'SELECT * FROM crm.open_score_sheet()',
  );
  const [{ sheet, seated } = { sheet: '', seated: false }] = rows;
  await client.query(storeScores(sheet), storedBy(refit));
  await client.query('SELECT crm.index_score_sheet()');
  const counts = await count(client, refit, sheet);
  if (!seated) await client.query('DELETE FROM crm.customer_score WHERE tenant_id = $1', [refit.tenantId]);
  await withoutStandingInTheWay(client, async () => {
    await record(client, refit, counts);
    await client.query('SELECT crm.seat_score_sheet()');
  });
}

/**
 * Runs `work`, whose locks make readers wait, only when it gets its locks within the time that a page may wait; tries
 * again until then. Throws the lock timeout when an export or an import holds them for too long.
 */
async function withoutStandingInTheWay(client: pg.PoolClient, work: () => Promise<void>): Promise<void> {
  await client.query(`SET LOCAL lock_timeout = '${longestWaitMs}ms'`);
  for (let attempt = 1; ; attempt += 1) {
    await client.query('SAVEPOINT seat');
    try {
      return await work();
    } catch (error) {
      if (sqlStateOf(error) !== '55P03' || attempt === seatAttempts) throw error;
      await client.query('ROLLBACK TO SAVEPOINT seat');
      await sleep(betweenAttemptsMs);
    }
  }
}

function storedBy({ tenantId, asOf, decision }: Refit): unknown[] {
  const scoring = decision.outcome === 'fitted' ? scoringOf(decision) : nulls(7);
  return [tenantId, asOf, ...scoring];
}

/** $3 to $9 of `storeScores`. */
function scoringOf({ fit, version, horizonDays }: Extract<FitDecision, { outcome: 'fitted' }>): unknown[] {
  const { r, alpha, a, b } = fit.parameters;
  return [r, alpha, a, b, horizonDays, version, fit.fittedAt];
}

interface Counts {
  readonly histogram: readonly number[];
  readonly low: number;
  readonly medium: number;
  readonly high: number;
}

async function count(client: pg.PoolClient, { tenantId }: Refit, source: string): Promise<Counts> {
  const { rows } = await client.query<Counts>(countScores(source), [tenantId]);
  const [counts] = rows;
  if (!counts) throw new Error('Counting the scores gave no row.');
  return counts;
}

async function record(client: pg.PoolClient, refit: Refit, counts: Counts): Promise<void> {
  const { tenantId, revision, customers, decision } = refit;
  const fitted = decision.outcome === 'fitted';
  await client.query(recordScoring, [
    tenantId,
    revision,
    fitted ? decision.fit.fittedAt : decision.at,
    customers,
    counts.histogram,
    counts.low,
    counts.medium,
    counts.high,
    fitted ? decision.version : null,
    fitted ? null : decision.reason,
    ...(fitted ? fitOf(decision.fit) : nulls(8)),
  ]);
}

/** $11 to $18 of `recordScoring`. */
function fitOf({
  parameters,
  logLikelihood,
  customers,
  fittedAt,
  uncertainty,
}: Extract<FitDecision, { outcome: 'fitted' }>['fit']): unknown[] {
  const { r, alpha, a, b } = parameters;
  return [r, alpha, a, b, logLikelihood, customers, fittedAt, uncertainty];
}

const nulls = (length: number): null[] => Array.from({ length }, () => null);
