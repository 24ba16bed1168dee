import { z } from 'zod';
import { ExtractFailure } from './failure';

const boundValue = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('text'),
    value: z
      .string()
      .regex(/^[^\0]*$/)
      .nullable(),
  }),
  z.object({
    type: z.literal('int'),
    value: z
      .string()
      .regex(/^-?\d{1,19}$/)
      .nullable(),
  }),
  z.object({
    type: z.literal('float'),
    value: z
      .string()
      .regex(/^(-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|NaN|-?Infinity)$/)
      .nullable(),
  }),
  z.object({
    type: z.literal('timestamptz'),
    value: z
      .string()
      .regex(/^[\dT:.Z+ -]{8,40}$/)
      .nullable(),
  }),
  z.object({
    type: z.literal('date'),
    value: z
      .string()
      .regex(/^\d{4}-\d\d-\d\d$/)
      .nullable(),
  }),
  z.object({ type: z.literal('bool'), value: z.enum(['true', 'false']).nullable() }),
]);

const column = z.object({
  name: z.string().min(1).max(63),
  type: z.enum(['text', 'int', 'float', 'timestamp', 'date']),
});

/** A list that an argument carries as JSON. */
function jsonOf<T>(items: z.ZodType<T>) {
  return z.string().transform((text, context) => {
    try {
      return items.parse(JSON.parse(text));
    } catch {
      context.addIssue({ code: 'custom', message: 'is not valid JSON for this argument' });
      return z.NEVER;
    }
  });
}

const runArguments = z
  .object({
    '--request_id': z.string().regex(/^[0-9A-Z]{26}$/),
    '--tenant_id': z.string().min(1),
    '--watermark': z.string().regex(/^\d{1,18}$/),
    '--statement': z.string().min(1),
    '--values': jsonOf(z.array(boundValue)),
    '--columns': jsonOf(z.array(column).min(1)),
    '--format': z.enum(['csv', 'xgboost', 'parquet']),
    '--bucket': z.string().min(3),
    '--prefix': z.string(),
    '--role_arn': z.string().startsWith('arn:'),
    '--external_id': z.string().min(2),
    '--manifest': jsonOf(z.record(z.string(), z.unknown())),
  })
  .refine((given) => given['--prefix'] === `extracts/${given['--request_id']}/`, {
    path: ['--prefix'],
    message: 'does not match the request',
  });

export type BoundValue = z.infer<typeof boundValue>;
export type ExtractColumn = z.infer<typeof column>;
export type ExtractTask = ReturnType<typeof taskOf>;

/** What the arguments of a run ask for. Throws ExtractFailure that names the arguments that do not fit. */
export function taskOf(given: Readonly<Record<string, string>>) {
  const { data, error } = runArguments.safeParse(given);
  if (error) {
    const names = [...new Set(error.issues.map(({ path }) => String(path[0])))];
    throw new ExtractFailure(`The job can’t read these arguments: ${names.join(', ')}.`);
  }
  const format = data['--format'];
  const columns = data['--columns'];
  const text = columns.find(({ type }) => type !== 'int' && type !== 'float');
  if (format === 'xgboost' && text) {
    throw new ExtractFailure(
      `The XGBoost format allows only numbers, but the column ${text.name} is ${text.type}.`,
    );
  }
  return {
    requestId: data['--request_id'],
    tenantId: data['--tenant_id'],
    watermark: data['--watermark'],
    statement: data['--statement'],
    values: data['--values'],
    columns,
    format,
    bucket: data['--bucket'],
    prefix: data['--prefix'],
    file: format === 'parquet' ? 'data.parquet' : 'data.csv',
    roleArn: data['--role_arn'],
    externalId: data['--external_id'],
    manifest: data['--manifest'],
  };
}

/** Where a run writes, and as whom. */
export type Destination = Pick<
  ExtractTask,
  'requestId' | 'tenantId' | 'bucket' | 'prefix' | 'roleArn' | 'externalId'
>;
