import { z } from 'zod';
import { checkOutcomes, contentTypes } from './ports';

/** A SageMaker endpoint name; never an address. */
export const endpointName = z
  .string()
  .max(63, 'must have at most 63 characters')
  .regex(/^[a-zA-Z0-9](?:-*[a-zA-Z0-9])*$/, 'must be an endpoint name: letters, digits and hyphens only');

const version = z.number().int().min(1).max(2_147_483_647);

export const listEndpointsInput = z.object({
  /** SageMaker's token for the next page. */
  after: z.string().min(1).max(8192).optional(),
  limit: z.number().int().min(1).max(100).default(25),
});

export const testEndpointInput = z.object({ endpointName });

export const getReportInput = z.object({ endpointName });

export const activateEndpointInput = z.object({ endpointName });

export const activateVersionInput = z.object({ version });

export const finishRollBackInput = z.object({
  version,
  asked: z.object({
    at: z.iso.datetime(),
    by: z.object({ id: z.string().max(256), name: z.string().max(256) }),
  }),
});

export const listVersionsInput = z.object({
  /** Only versions below this one. */
  before: version.optional(),
  limit: z.number().int().min(1).max(100).default(20),
});

/** A contract report as stored in JSON; instants are ISO 8601. */
export const storedReport = z.object({
  endpointName: z.string(),
  testedAt: z.coerce.date(),
  deployment: z
    .object({
      configName: z.string(),
      configCreatedAt: z.coerce.date().nullable(),
      variants: z.array(z.object({ name: z.string(), image: z.string() })),
    })
    .nullable()
    // Older reports do not have it.
    .default(null),
  passed: z.boolean(),
  contentTypes: z.array(z.enum(contentTypes)),
  checks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      outcome: z.enum(checkOutcomes),
      finding: z.string(),
      sent: z.string().nullable(),
      received: z.string().nullable(),
    }),
  ),
  latencyMs: z.object({ rows1: z.number().nullable(), rows100: z.number().nullable() }),
});
