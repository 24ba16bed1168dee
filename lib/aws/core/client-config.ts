import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { env } from '@/lib/env';
import { stepAside } from './step-aside';

// All clients share one connection pool, so that one client per tenant does not mean connections per tenant.
const pool = { keepAlive: true, maxSockets: 256 };
const httpAgent = new HttpAgent(pool);
const httpsAgent = new HttpsAgent(pool);

/**
 * The settings of all AWS clients of the product. `requestTimeout`, ms, limits the wait for the response to one
 * attempt, and every pause within that response.
 */
export function clientConfig(requestTimeout = 10_000) {
  const { AWS_REGION, AWS_ENDPOINT_URL, ANNEX_S3_PATH_STYLE } = env();
  return {
    region: AWS_REGION,
    ...(AWS_ENDPOINT_URL === undefined ? {} : { endpoint: AWS_ENDPOINT_URL }),
    retryMode: 'standard',
    maxAttempts: 3,
    userAgentAppId: 'annex',
    extensions: [stepAside],
    ...(ANNEX_S3_PATH_STYLE === '1' ? { forcePathStyle: true } : {}),
    requestHandler: {
      connectionTimeout: 2000,
      requestTimeout,
      // `requestTimeout` covers only the response's headers. Without this, a body that stalls would be awaited forever.
      socketTimeout: requestTimeout,
      throwOnRequestTimeout: true,
      httpAgent,
      httpsAgent,
    },
  };
}
