import { z } from 'zod';
import { columnTypes, datasetNames, extractFormats, outputMasks } from '@/lib/domain/extracts/ports';
import { ExtractFailure } from './failure';

const instant = z.iso.datetime({ precision: 3 });

/** What the portal orders, which becomes the manifest: `ManifestSeed`. */
const order = z.looseObject({
  requestId: z.string(),
  tenant: z.string(),
  dataset: z.enum(datasetNames),
  format: z.enum(extractFormats),
  columns: z
    .array(z.object({ name: z.string(), type: z.enum(columnTypes), mask: z.enum(outputMasks) }))
    .min(1),
  policyVersion: z.int(),
  range: z.object({ from: instant.nullable(), before: instant.nullable() }),
  asOf: instant.nullable(),
});

const runArguments = z
  .object({
    '--request_id': z.string().regex(/^[0-9A-Z]{26}$/),
    '--tenant_id': z.string().regex(/^[a-z0-9](-?[a-z0-9])+$/),
    '--watermark': z.string().regex(/^\d{1,18}$/),
    '--manifest': z.string().transform((text, context) => {
      try {
        return { text, order: order.parse(JSON.parse(text)) };
      } catch {
        context.addIssue({ code: 'custom', message: 'is not an order of an extract' });
        return z.NEVER;
      }
    }),
    '--seal': z.string().regex(/^[0-9a-f]{64}$/),
  })
  .refine((given) => given['--manifest'].order.requestId === given['--request_id'], {
    path: ['--request_id'],
    message: 'does not match the manifest',
  })
  .refine((given) => given['--manifest'].order.tenant === given['--tenant_id'], {
    path: ['--tenant_id'],
    message: 'does not match the manifest',
  });

export type ExtractOrder = z.infer<typeof order>;
export type ExtractColumn = ExtractOrder['columns'][number];
export type ExtractTask = ReturnType<typeof taskOf>;

/** What the arguments of a run ask for. Throws ExtractFailure that names the arguments that do not fit. */
export function taskOf(given: Readonly<Record<string, string>>) {
  const { data, error } = runArguments.safeParse(given);
  if (error) {
    const names = [...new Set(error.issues.map(({ path }) => String(path[0])))];
    throw new ExtractFailure(`The job can’t read these arguments: ${names.join(', ')}.`);
  }
  const { text, order } = data['--manifest'];
  return {
    requestId: data['--request_id'],
    tenantId: data['--tenant_id'],
    watermark: data['--watermark'],
    seal: data['--seal'],
    order,
    /** What the seal covers. */
    sealed: `${data['--watermark']} ${text}`,
    format: order.format,
    prefix: `extracts/${data['--request_id']}/`,
    file: order.format === 'parquet' ? 'data.parquet' : 'data.csv',
  };
}
