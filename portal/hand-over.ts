import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Env } from '@/lib/env';
import { orderUpload } from '@/lib/server/order-upload';
import { newRequestId, requestHeader } from '@/lib/server/request';
import { contentSecurityPolicy } from '@/lib/server/security-headers';
import { isDue, readSession, sessionCookieName } from '@/lib/server/session-cookie';
import { isForAnother, viewerOf } from '@/lib/server/viewer';
import { viewerCookie, viewerHeader } from '@/lib/viewer';
import { cookiesOf } from './cookies';
import { pathOf } from './inspect';

type Settings = Pick<
  Env,
  'ANNEX_STUDIO_ORIGIN' | 'COGNITO_DOMAIN' | 'NEXTAUTH_SECRET' | 'NEXTAUTH_URL' | 'NODE_ENV'
>;

/** What is not made for anybody, and answered from the disk. */
const isFile = (path: string): boolean => /^\/(_next\/static\/|favicon\.ico$|icon\.svg$)/.test(path);

/**
 * Tells Next what it needs to know of a request beforehand, in headers of which the client's own values are dropped: its id, its
 * address, and the content security policy with the nonce of its page, which the answer gets, too. Here and not in `proxy.ts`,
 * which costs the thread more than many a page; that runs where a cookie changes or the body decides.
 */
export async function handOver(
  request: IncomingMessage,
  response: ServerResponse,
  settings: Settings,
): Promise<void> {
  const { headers } = request;
  delete headers[requestHeader.proxy];
  if (isFile(pathOf(request.url))) return;
  const id = newRequestId();
  const nonce = randomBytes(16).toString('base64');
  const policy = contentSecurityPolicy(nonce, settings);
  headers[requestHeader.id] = id;
  headers[requestHeader.path] = addressOf(request.url);
  headers[requestHeader.nonce] = nonce;
  headers['content-security-policy'] = policy;
  response.setHeader(requestHeader.id, id);
  response.setHeader('content-security-policy', policy);
  // It would keep a copy of an order file in memory.
  if (pathOf(request.url) === orderUpload.path) return;
  if (callsAction(request) || !(await isSettled(request, settings))) headers[requestHeader.proxy] = '1';
}

/** The browser's current address, to return to later. */
function addressOf(url = '/'): string {
  const [path = '/', query = ''] = url.split(/\?(.*)/s, 2);
  const params = new URLSearchParams(query);
  params.delete('_rsc');
  const text = params.toString();
  return path + (text && `?${text}`);
}

/** Whether a request says that it brings the form of an action, which `proxy.ts` looks at. */
function callsAction({ method, headers }: IncomingMessage): boolean {
  if (method !== 'POST') return false;
  return 'next-action' in headers || /^\s*multipart\/form-data/i.test(headers['content-type'] ?? '');
}

/** Whether the session needs no renewal, and the browser and the page know whose it is. */
async function isSettled(
  { headers }: IncomingMessage,
  { NEXTAUTH_URL: url, NEXTAUTH_SECRET: secret }: Settings,
): Promise<boolean> {
  const cookies = cookiesOf(headers.cookie);
  const known = cookies.get(viewerCookie) ?? '';
  const session = await readSession(cookies, sessionCookieName(url), secret);
  if (!session) return known === '';
  const viewer = viewerOf(session, secret);
  return known === viewer && !isDue(session, Date.now()) && !isForAnother(headers[viewerHeader], viewer);
}
