import { tenantVerb } from '@/lib/domain/verb';
import { testEndpointInput } from '../schemas';
import { testedNow } from '../tested';

/**
 * Tests an endpoint of the tenant's account against the churn interface, within a minute, and keeps the report. A bad
 * model is a report that did not pass; throws `forbidden`, `invalid` for what is no name, and what is no fault of the model:
 * `dependency_denied`, `throttled`, `dependency_failed`.
 */
export const testEndpoint = tenantVerb('models.test', testEndpointInput, (ctx, { endpointName }) =>
  testedNow(ctx, endpointName),
);
