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

/** An instant as `toISOString` writes it, in whatever year: what was stored is read back. */
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
 * The item of `extract`, dates as ISO 8601, UTC. Only one that is not at its end has `open` and `openAt`: the index of these
 * names is sparse and holds what the reconciler has to look at, the longest untouched first.
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
 * Partitions of the index: what runs is counted however much waits. One that ran before there were two is in that of what
 * waits until it is next written, after a look.
 */
export const openPartitions = { queued: 'open', running: 'running' } as const satisfies Record<
  OpenExtractState,
  string
>;

/** The extract in `stored`. Throws when it is none. */
export function extractOf(stored: unknown): Extract {
  return item.parse(stored);
}

/** The extracts among `stored`. What is none is logged and left out: one item must not stand in the way of all others. */
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

/** Sort key of an extract, or the beginning of all of them. */
export function sortKeyOf(requestId = ''): string {
  return `EXTRACT#${requestId}`;
}

/** The tenant and extract whose keys these are; `null` for keys of something else. */
export function namesOf(keys: { readonly pk?: unknown; readonly sk?: unknown }) {
  const tenantId = typeof keys.pk === 'string' ? /^TENANT#(.+)$/.exec(keys.pk)?.[1] : undefined;
  const requestId = typeof keys.sk === 'string' ? /^EXTRACT#(.+)$/.exec(keys.sk)?.[1] : undefined;
  return tenantId !== undefined && requestId !== undefined ? { tenantId, requestId } : null;
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
