import { randomUUID } from 'node:crypto';

/** Headers that `proxy.ts` gives to the server code of the same request; it overwrites what a client sends. */
export const requestHeader = {
  id: 'x-request-id',
  path: 'x-annex-path',
  nonce: 'x-nonce',
} as const;

/** An id for a request that comes in. Never one that its sender chose: ids stand in the log and the audit, and must differ. */
export function newRequestId(): string {
  return randomUUID();
}

/** The id that `proxy.ts` gave to the request; a new one where it was not asked. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get(requestHeader.id);
  return given && /^[\w-]{8,64}$/.test(given) ? given : newRequestId();
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
