import { z } from 'zod';
import {
  columnTypes,
  datasetNames,
  type Extract,
  extractFormats,
  extractStates,
  type OpenExtractState,
  openExtractStates,
  outputMasks,
} from '@/lib/domain/extracts/ports';
import { log } from '@/lib/log';
import { person } from '../core/items';

/** A time as `toISOString` writes it, in any year, so that everything stored can be read. */
const date = z
  .string()
  .transform((text) => new Date(text))
  .refine((at) => !Number.isNaN(at.getTime()), 'is not a valid timestamp');

const item = z.object({
  requestId: z.string(),
  dataset: z.enum(datasetNames),
  format: z.enum(extractFormats),
  columns: z.array(z.object({ name: z.string(), type: z.enum(columnTypes), mask: z.enum(outputMasks) })),
  policyVersion: z.number().int(),
  range: z.object({ from: date.nullable(), before: date.nullable() }),
  asOf: date.nullable(),
  state: z.enum(extractStates),
  attempt: z.number().int(),
  claims: z.number().int(),
  runId: z.string().nullable(),
  requestedBy: person,
  requestedAt: date,
  queuedAt: date,
  startedAt: date.nullable(),
  finishedAt: date.nullable(),
  cancelAskedAt: date.nullable(),
  reason: z.string().nullable(),
  file: z.object({ name: z.string(), rows: z.number(), bytes: z.number(), sha256: z.string() }).nullable(),
  updatedAt: date,
  revision: z.number().int(),
});

/**
 * The item of `extract`, with dates as ISO 8601, UTC. Only an unfinished one has `open` and `openAt`. The index on
 * these is sparse: it holds what the reconciler must check, longest unchanged first.
 */
export function itemOf(extract: Extract): z.input<typeof item> & { open?: string; openAt?: string } {
  const { state } = extract;
  const stored = {
    ...extract,
    columns: extract.columns.map((column) => ({ ...column })),
    range: { from: iso(extract.range.from), before: iso(extract.range.before) },
    asOf: iso(extract.asOf),
    requestedAt: extract.requestedAt.toISOString(),
    queuedAt: extract.queuedAt.toISOString(),
    startedAt: iso(extract.startedAt),
    finishedAt: iso(extract.finishedAt),
    cancelAskedAt: iso(extract.cancelAskedAt),
    file: extract.file && { ...extract.file },
    updatedAt: extract.updatedAt.toISOString(),
  };
  const open = openExtractStates.find((each) => each === state);
  return open ? { ...stored, open: openPartitions[open], openAt: stored.updatedAt } : stored;
}

/**
 * Partitions of the index. Running extracts have their own, so that counting them does not depend on how many wait. An
 * extract that ran before there were two stays in the partition of waiting ones until a check writes it.
 */
export const openPartitions = { queued: 'open', running: 'running' } as const satisfies Record<
  OpenExtractState,
  string
>;

/** Parses a stored extract. Throws when it is invalid. */
export function extractOf(stored: unknown): Extract {
  return item.parse(stored);
}

/** The valid extracts among `stored`. Logs and omits invalid ones, so that one item cannot block all others. */
export function readableExtracts(stored: readonly Readonly<Record<string, unknown>>[]): Extract[] {
  return stored.flatMap((one) => {
    const { data, error } = item.safeParse(one);
    if (data) return data;
    const fields = error.issues.map(({ path }) => path.join('.'));
    const names = namesOf(one);
    log.error(
      { tenant: names?.tenantId, extract: names?.requestId, fields },
      'skipping a stored extract that cannot be read',
    );
    return [];
  });
}

/** Sort key of an extract, or without an id the prefix of all of them. */
export function sortKeyOf(requestId = ''): string {
  return `EXTRACT#${requestId}`;
}

/** The tenant and extract of these keys; `null` for keys of something else. */
export function namesOf(keys: { readonly pk?: unknown; readonly sk?: unknown }) {
  const tenantId = typeof keys.pk === 'string' ? /^TENANT#(.+)$/.exec(keys.pk)?.[1] : undefined;
  const requestId = typeof keys.sk === 'string' ? /^EXTRACT#(.+)$/.exec(keys.sk)?.[1] : undefined;
  return tenantId !== undefined && requestId !== undefined ? { tenantId, requestId } : null;
}

/** The id of an item with these keys, and when it was requested; `null` for something else. */
export function requestedAtOf(item: {
  readonly pk?: unknown;
  readonly sk?: unknown;
  readonly requestedAt?: unknown;
}): Pick<Extract, 'requestId' | 'requestedAt'> | null {
  const names = namesOf(item);
  const at = date.safeParse(item.requestedAt);
  return names && at.success ? { requestId: names.requestId, requestedAt: at.data } : null;
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
