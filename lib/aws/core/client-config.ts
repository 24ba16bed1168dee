import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { env } from '@/lib/env';

// One pool of connections for all clients: a client per tenant must not mean connections per tenant.
const pool = { keepAlive: true, maxSockets: 256 };
const httpAgent = new HttpAgent(pool);
const httpsAgent = new HttpsAgent(pool);

/**
 * What every AWS client of the product is made with. `requestTimeout` in ms: until a try is answered, and of any silence in the
 * middle of its answer.
 */
export function clientConfig(requestTimeout = 10_000) {
  const { AWS_REGION, AWS_ENDPOINT_URL, ANNEX_S3_PATH_STYLE } = env();
  return {
    region: AWS_REGION,
    ...(AWS_ENDPOINT_URL === undefined ? {} : { endpoint: AWS_ENDPOINT_URL }),
    retryMode: 'standard',
    maxAttempts: 3,
    userAgentAppId: 'annex',
    ...(ANNEX_S3_PATH_STYLE === '1' ? { forcePathStyle: true } : {}),
    requestHandler: {
      connectionTimeout: 2000,
      requestTimeout,
      // That one ends with the answer's headers: a body that stops in the middle would be waited for without end.
      socketTimeout: requestTimeout,
      throwOnRequestTimeout: true,
      httpAgent,
      httpsAgent,
    },
  };
}
