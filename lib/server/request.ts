import { randomUUID } from 'node:crypto';
import { AnnexError } from '@/lib/errors';

/**
 * Headers that the portal's server (`portal/hand-over.ts`) sets for the server code of the same request; it overwrites values from
 * the client.
 */
export const requestHeader = {
  id: 'x-request-id',
  path: 'x-annex-path',
  nonce: 'x-nonce',
  /** The network address of the client, by which it is limited. */
  client: 'x-annex-client',
  /** Only of requests that `proxy.ts` has to see. Its `config` names it, too. */
  proxy: 'x-annex-proxy',
} as const;

/**
 * A new id for an incoming request. Never chosen by the sender: ids appear in the log and the audit and must be
 * unique.
 */
export function newRequestId(): string {
  return randomUUID();
}

/** The id that the portal's server gave the request; a new one where it did not. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get(requestHeader.id);
  return given && /^[\w-]{8,64}$/.test(given) ? given : newRequestId();
}

/**
 * Whether a state-changing request came from our own pages. Browsers tell by `Sec-Fetch-Site` and `Origin`; a request
 * with neither is rejected.
 */
export function isSameOrigin(headers: Headers, portalUrl: string): boolean {
  const origin = headers.get('origin');
  if (origin !== null) return origin === new URL(portalUrl).origin;
  return headers.get('sec-fetch-site') === 'same-origin';
}

/** The form in the body of `request`. Throws `invalid` when there is none that can be read. */
export async function formOf(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch (error) {
    throw new AnnexError('invalid', 'The form can’t be read. Reload the page and try again.', {
      cause: error,
    });
  }
}

/**
 * Throws `forbidden` unless a state-changing request came from our own pages. Routes and actions both call it: Next's own
 * check of actions accepts a request without `Origin` and believes `X-Forwarded-Host`.
 */
export function refuseForeign(headers: Headers, portalUrl: string): void {
  if (isSameOrigin(headers, portalUrl)) return;
  throw new AnnexError(
    'forbidden',
    'This request did not come from an Annex page. Reload the page and try again.',
  );
}
