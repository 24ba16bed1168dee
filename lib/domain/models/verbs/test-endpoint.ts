import { tenantVerb } from '@/lib/domain/verb';
import { checkEndpointLimit } from '../endpoint-limit';
import { testEndpointInput } from '../schemas';
import { testedNow } from '../tested';

/**
 * Tests an endpoint in the tenant's account against the churn interface, within a minute, and keeps the report. A faulty model
 * yields a report that did not pass. Throws `forbidden`, `invalid` for an invalid name, `conflict` for an endpoint
 * beyond the plan’s limit, and what is not the model's fault:
 * `dependency_denied`, `throttled`, `dependency_failed`.
 */
export const testEndpoint = tenantVerb('models.test', testEndpointInput, async (ctx, { endpointName }) => {
  await checkEndpointLimit(ctx, endpointName, 'The endpoint was not tested.');
  return testedNow(ctx, endpointName);
});
