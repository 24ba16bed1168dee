import { type NextRequest, NextResponse } from 'next/server';
import { isActionCall, isPlainMultipart } from '@/lib/server/action-form';
import { knownActions } from '@/lib/server/known-actions';
import { problemDocument } from '@/lib/server/problem';
import { renewSession } from '@/lib/server/renewal';
import { formOf, requestIdOf } from '@/lib/server/request';
import { isForAnother, signedInAs, viewerCookieFor, viewerIn } from '@/lib/server/viewer';
import { viewerCookie, viewerHeader } from '@/lib/viewer';

/**
 * Before the pages and routes whose requests the portal's server marks (`portal/hand-over.ts`): renews a session whose tokens are
 * about to expire, tells the browser who is signed in now, and refuses a page that was made for somebody else, and a form that
 * cannot be read. It does not authorise: every page, route, action and verb does that itself.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (!(await isReadable(request))) {
    return new NextResponse('The form can’t be read. Nothing was changed. Reload the page.', { status: 400 });
  }
  const requestId = requestIdOf(request.headers);
  const changes = isSignOut(request) ? [] : await renewSession(cookiesOf(request), requestId);
  for (const { name, value, options } of changes) {
    if (options.maxAge === 0) request.cookies.delete(name);
    else request.cookies.set(name, value);
  }
  const viewer = await viewerIn(cookiesOf(request));
  const claimed = request.headers.get(viewerHeader);
  const response =
    viewer && isForAnother(claimed, viewer.marker)
      ? refused(viewer.email, requestId)
      : // They hold the cookies just changed, so that the server code of this request sees them.
        NextResponse.next({ request: { headers: request.headers } });
  for (const { name, value, options } of changes) response.cookies.set(name, value, options);
  if ((request.cookies.get(viewerCookie)?.value ?? '') !== (viewer?.marker ?? '')) {
    response.cookies.set(viewerCookieFor(viewer?.marker ?? null));
  }
  return response;
}

export const config = {
  matcher: [{ source: '/:path*', has: [{ type: 'header', key: 'x-annex-proxy' }] }],
};

const cookiesOf = (request: NextRequest): ReadonlyMap<string, string> =>
  new Map(request.cookies.getAll().map(({ name, value }) => [name, value]));

/** A sign-out needs no fresh tokens, and waits for no sign-in service that is slow to give them. */
const isSignOut = ({ method, nextUrl }: NextRequest): boolean =>
  method === 'POST' && nextUrl.pathname === '/sign-out';

/** Next's router answers what is no page by loading the address; our own fetches see the header and reload. */
function refused(email: string, requestId: string): NextResponse {
  const problem = { code: 'conflict', message: signedInAs(email), fields: {}, reference: requestId } as const;
  const { body, headers, status } = problemDocument(problem);
  const response = new NextResponse(body, { status, headers });
  response.headers.set('cache-control', 'no-store');
  response.headers.set(viewerHeader, 'another');
  return response;
}

/**
 * Whether the form that `request` says to bring calls an action of ours. Next answers others with 500, or writes a stack trace to
 * the log. Only actions take `multipart/form-data`: forms for routes are URL-encoded.
 */
async function isReadable(request: NextRequest): Promise<boolean> {
  const type = request.headers.get('content-type') ?? '';
  const byScript = request.headers.has('next-action');
  if (request.method !== 'POST') return true;
  // Our actions take forms alone.
  if (!/^\s*multipart\/form-data/i.test(type)) return !byScript;
  // Only this copy of the body is read.
  const body = Buffer.from(await request.clone().arrayBuffer());
  if (!isPlainMultipart(type, body)) return false;
  const headers = { 'content-type': type };
  return formOf(new Request(request.url, { method: 'POST', headers, body })).then(
    (form) => isActionCall(form, byScript, knownActions),
    () => false,
  );
}
