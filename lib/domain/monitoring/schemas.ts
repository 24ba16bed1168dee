import { z } from 'zod';
import { endpointName } from '../models/schemas';
import { metricRanges } from './ports';

/**
 * Which metrics to show. Without `endpoint`: those of the active model; without `variant`: those of the endpoint's first variant.
 */
export const getMetricsInput = z.object({
  range: z.enum(metricRanges).default('24h'),
  endpoint: endpointName.optional(),
  variant: z
    .string()
    .regex(/^[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}$/, 'must be a variant name: letters, digits and hyphens only')
    .optional(),
  /** Two instants, s since the epoch, in place of the range. */
  span: z.object({ from: z.number(), to: z.number() }).optional(),
});
