import { z } from 'zod';

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
