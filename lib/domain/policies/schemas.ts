import { z } from 'zod';
import { datasetNames, masks } from '../extracts/ports';

const largestRowLimit = 2_000_000_000;

const dataset = z.enum(datasetNames, 'is not a dataset');
const columns = z.record(z.string().max(100), z.enum(masks, 'has a mask that Annex does not know'));
/** Null: the standard. */
const tenant = z.string().min(1).max(100).nullable();
const effectiveOn = z
  .string()
  .nullish()
  .transform((text) => text || null)
  .pipe(
    z.iso
      .date('must be a day such as 2026-03-01')
      .refine((text) => text <= '2200-12-31', 'must be before the year 2201')
      .transform((text) => new Date(text))
      .nullable(),
  );
const note = z
  .string()
  .trim()
  .max(500, 'must have at most 500 characters')
  .nullish()
  .transform((text) => text || null);

export const policyInput = z.object({ dataset, tenant });

/** What a policy would let out. */
const content = z.object({
  columns,
  rowLimit: z
    .number('must be a whole number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(largestRowLimit, `must be at most ${largestRowLimit}`)
    .nullable(),
});

/** `effectiveOn`: a UTC day; without one, and for today, at once. `base`: the newest version of the scope that the author saw, or 0. */
const version = z.object({ dataset, tenant, base: z.number().int().min(0), effectiveOn, note });

export const changePolicyInput = version.extend(content.shape);
export const reviewPolicyInput = changePolicyInput.omit({ base: true });
export const endOverrideInput = version.extend({ tenant: z.string().min(1).max(100) });
export const previewPolicyInput = z.object({ dataset, columns });
