import { type NextRequest, NextResponse } from 'next/server';
import { env } from '@/lib/env';
import { renewSession } from '@/lib/server/renewal';
import { formOf, newRequestId, requestHeader } from '@/lib/server/request';
import { contentSecurityPolicy, securityHeaders } from '@/lib/server/security-headers';

/**
 * Before every page and route: gives the request an id, renews a session whose tokens are about to expire, and sets
 * the security headers. It does not authorise: every page, route, action and verb does that itself.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (!(await isReadable(request))) {
    return new NextResponse('The form can’t be read. Nothing was changed. Reload the page.', { status: 400 });
  }
  const settings = env();
  const requestId = newRequestId();
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const policy = contentSecurityPolicy(nonce, settings);
  const cookies = new Map(request.cookies.getAll().map(({ name, value }) => [name, value]));
  const changes = await renewSession(cookies, requestId);

  for (const { name, value, options } of changes) {
    if (options.maxAge === 0) request.cookies.delete(name);
    else request.cookies.set(name, value);
  }
  // `request.headers` holds the cookies just changed, so that the server code of this request sees them.
  const headers = new Headers(request.headers);
  headers.set(requestHeader.id, requestId);
  headers.set(requestHeader.path, pathOf(request));
  headers.set(requestHeader.nonce, nonce);
  headers.set('content-security-policy', policy);

  const response = NextResponse.next({ request: { headers } });
  for (const { name, value, options } of changes) response.cookies.set(name, value, options);
  response.headers.set(requestHeader.id, requestId);
  response.headers.set('content-security-policy', policy);
  for (const [name, value] of Object.entries(securityHeaders(settings))) response.headers.set(name, value);
  return response;
}

export const config = {
  matcher: [{ source: '/((?!_next/static/|favicon\\.ico$|icon\\.svg$).*)' }],
};

/** Whether the form that `request` says to bring is one. Next answers a form that it cannot read with 500. */
async function isReadable(request: NextRequest): Promise<boolean> {
  const type = request.headers.get('content-type') ?? '';
  if (request.method !== 'POST' || !/^\s*multipart\/form-data/i.test(type)) return true;
  // Only this copy of the body is read.
  return formOf(request.clone()).then(
    () => true,
    () => false,
  );
}

/** The browser's current URL, to return to later. */
function pathOf(request: NextRequest): string {
  const query = new URLSearchParams(request.nextUrl.searchParams);
  query.delete('_rsc');
  const text = query.toString();
  return request.nextUrl.pathname + (text && `?${text}`);
}
