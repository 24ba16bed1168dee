import { z } from 'zod';
import { daySeconds } from '../time';
import { datasetNames, extractFormats, masks } from './ports';

/** Default rows per page of extracts. */
const pageSize = 25;

const requestId = z
  .ulid('is not a valid extract id')
  .regex(/^[0-7][0-9A-Z]{25}$/, 'is not a valid extract id');

/** The first and last day that orders can have and that the database accepts. */
const [firstDay, lastDay] = ['1900-01-01', '2200-12-31'];

/** A UTC day, `2026-03-01`, as the instant at which it starts. */
const day = z
  .string()
  .nullish()
  .transform((text) => text || null)
  .pipe(
    z.iso
      .date('must be a day such as 2026-03-01')
      .refine((text) => text >= firstDay && text <= lastDay, `must be from ${firstDay} to ${lastDay}`)
      .transform((text) => new Date(text))
      .nullable(),
  );

/** What a person wants to extract. Days are UTC; `to` is included. */
export const extractDraft = z
  .object({
    dataset: z.enum(datasetNames),
    format: z.enum(extractFormats).default('csv'),
    /** Without it: every offered column. */
    columns: z.array(z.string().max(100)).max(100).optional(),
    from: day,
    to: day,
    asOf: day,
  })
  .refine(({ from, to }) => !from || !to || from <= to, {
    path: ['to'],
    message: 'must not be before the first day',
  });

export type ExtractDraft = z.output<typeof extractDraft>;

/** `requestId` makes a form that is sent twice one extract. */
export const submitExtractInput = z.object({ draft: extractDraft, requestId: requestId.optional() });

export const extractInput = z.object({ requestId });

/** `attempt` is the failed attempt that the person saw, so that pressing the button twice retries once. */
export const retryExtractInput = z.object({ requestId, attempt: z.number().int().min(1).optional() });

export const listExtractsInput = z.object({
  before: requestId.optional(),
  after: requestId.optional(),
  limit: z.number().int().min(1).max(200).default(pageSize),
});

/** An open extract counts as stalled after this many seconds without a write. */
export const sweepExtractsInput = z.object({ untouchedSeconds: z.number().min(0).max(daySeconds) });

/** The columns of a policy as stored: mask by column name. */
export const policyColumns = z.record(z.string(), z.enum(masks));
