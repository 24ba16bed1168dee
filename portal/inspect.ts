import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { orderUpload } from '@/lib/server/order-upload';
import { registration } from '@/lib/server/registration';
import { isSameOrigin } from '@/lib/server/request';
import type { Refusal } from './refusal';

/** What is looked at of a request before its body is read. */
export interface Head {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Such as `1.1`. */
  readonly httpVersion?: string;
  readonly headers: IncomingHttpHeaders;
}

/** Bytes of a body that any address takes. */
const standardBytes = 1_000_000;

/** Addresses with a limit of their own, in bytes: forms of strangers are short, and an order file is not. */
const limits: Readonly<Record<string, number>> = {
  [orderUpload.path]: orderUpload.bodyBytes,
  '/sign-in': 16_000,
  '/sign-out': 16_000,
  '/sign-up': 16_000,
  '/sign-up/confirm': 16_000,
  [registration.path]: 16_000,
};

/** Bytes that the body of a request may have. */
export const bodyLimit = (path: string): number => limits[path] ?? standardBytes;

/** The path of a request's address, without its query. */
export const pathOf = (url = ''): string => url.split('?', 1)[0] ?? '';

/**
 * Why a request is refused whatever its sender may do, or null. Next answers some of these with 500 and an error in the log:
 * a path that cannot be decoded, methods it does not know, garbled headers of its router, an action from another origin.
 */
export function faultOf(head: Head, portalUrl: string, actions: ReadonlySet<string>): Refusal | null {
  return (
    wrongMethod(head) ??
    wrongAddress(head) ??
    wrongHost(head) ??
    wrongState(head) ??
    wrongBody(head) ??
    foreign(head, portalUrl) ??
    wrongAction(head, actions)
  );
}

const methods = ['GET', 'HEAD', 'POST'];

function wrongMethod({ method = '' }: Head): Refusal | null {
  if (methods.includes(method)) return null;
  return {
    status: 405,
    title: 'Method not allowed',
    detail: `Annex answers ${methods.join(', ')}.`,
    headers: { allow: methods.join(', ') },
  };
}

/** What a browser resolves before it sends an address: Next would find another page than `pathOf` names. */
const unresolved = /[\\#]|\/(\.|%2e){1,2}(\/|$)/i;

function wrongAddress({ url = '' }: Head): Refusal | null {
  const path = pathOf(url);
  if (url.startsWith('/') && isDecodable(path) && !unresolved.test(path)) return null;
  return {
    status: 400,
    title: 'Address not valid',
    detail: 'This address can’t be read. A percent sign in a name is written as %25.',
  };
}

/** Node's own refusal has neither words nor security headers. */
function wrongHost({ httpVersion = '', headers }: Head): Refusal | null {
  if (headers.host !== undefined || httpVersion !== '1.1') return null;
  return { status: 400, title: 'Request not valid', detail: 'The request names no host.' };
}

/** As Next's own `flightRouterStateSchema`. */
const segment = z.union([
  z.string(),
  z.tuple([
    z.string(),
    z.string(),
    z.enum([
      'c',
      'ci(..)(..)',
      'ci(.)',
      'ci(..)',
      'ci(...)',
      'oc',
      'd',
      'di(..)(..)',
      'di(.)',
      'di(..)',
      'di(...)',
    ]),
    z.array(z.string()).nullable(),
  ]),
]);
type RouterState = [unknown, Record<string, RouterState>, ...unknown[]];
const routerState: z.ZodType<RouterState> = z.tuple([
  segment,
  z.record(
    z.string(),
    z.lazy(() => routerState),
  ),
  z.tuple([z.string(), z.string()]).nullish(),
  z.enum(['refetch', 'inside-shared-layout', 'metadata-only']).nullish(),
  z.number().nullish(),
  z.string().optional(),
]);
const longestRouterState = 40_000;

function wrongState({ headers }: Head): Refusal | null {
  const state = headers['next-router-state-tree'];
  if (state === undefined || isRouterState(String(state))) return null;
  return {
    status: 400,
    title: 'Request not valid',
    detail: 'The header Next-Router-State-Tree can’t be read. Reload the page.',
  };
}

function wrongAction({ method, headers }: Head, actions: ReadonlySet<string>): Refusal | null {
  const action = headers['next-action'];
  if (action === undefined || method !== 'POST') return null;
  if (!actions.has(String(action))) {
    return {
      status: 404,
      title: 'Page out of date',
      detail: 'Annex has changed since this page was opened. Nothing was changed. Reload the page.',
      // By which Next's router tells this from an action that answered 404.
      headers: { 'x-nextjs-action-not-found': '1' },
    };
  }
  if (Number(headers['content-length'] ?? 0) > 0) return null;
  return { status: 400, title: 'Request not valid', detail: 'The form is missing. Reload the page.' };
}

/** Whether Next's router can read a `Next-Router-State-Tree`. */
export function isRouterState(text: string): boolean {
  if (text.length > longestRouterState || !isDecodable(text)) return false;
  try {
    return routerState.safeParse(JSON.parse(decodeURIComponent(text))).success;
  } catch {
    // Not JSON, or nested more deeply than the stack allows.
    return false;
  }
}

function wrongBody({ method, url, headers }: Head): Refusal | null {
  const chunked = headers['transfer-encoding'] !== undefined;
  const length = Number(headers['content-length'] ?? 0);
  if (method !== 'POST') {
    if (!chunked && length === 0) return null;
    return { status: 400, title: 'Request not valid', detail: `A ${method} request has no body.` };
  }
  if (chunked) {
    return { status: 411, title: 'Length required', detail: 'Say how long the body is, by Content-Length.' };
  }
  const most = bodyLimit(pathOf(url));
  if (length <= most) return null;
  return {
    status: 413,
    title: 'Too large',
    detail: `This address takes at most ${most.toLocaleString('en')} bytes. Nothing was changed.`,
  };
}

function foreign({ method, url, headers }: Head, portalUrl: string): Refusal | null {
  const { origin, 'sec-fetch-site': site } = headers;
  const said = new Headers();
  if (origin !== undefined) said.set('origin', origin);
  if (site !== undefined) said.set('sec-fetch-site', String(site));
  if (method !== 'POST' || pathOf(url) === registration.path || isSameOrigin(said, portalUrl)) return null;
  return {
    status: 403,
    title: 'Request refused',
    detail: 'This request did not come from an Annex page. Reload the page and try again.',
  };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
