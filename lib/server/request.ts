import { randomUUID } from 'node:crypto';

/** Headers that `proxy.ts` gives to the server code of the same request; it overwrites what a client sends. */
export const requestHeader = {
  id: 'x-request-id',
  path: 'x-annex-path',
  nonce: 'x-nonce',
} as const;

/** The id of a request: the one that a load balancer gave it, or a new one. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get(requestHeader.id);
  return given && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
}

/**
 * Whether a request that changes something came from our own pages. Browsers tell by `Sec-Fetch-Site` and `Origin`; a
 * request that says neither is refused.
 */
export function isSameOrigin(headers: Headers, portalUrl: string): boolean {
  const origin = headers.get('origin');
  if (origin !== null) return origin === new URL(portalUrl).origin;
  return headers.get('sec-fetch-site') === 'same-origin';
}
