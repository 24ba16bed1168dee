import { unstable_rethrow } from 'next/navigation';
import { type NextRequest, NextResponse } from 'next/server';
import type { Log } from '@/lib/domain/context';
import { env } from '@/lib/env';
import { log } from '@/lib/log';
import { aside } from '@/lib/turn';
import { viewerField, viewerHeader } from '@/lib/viewer';
import { auditRefusal } from './audit-refusal';
import { type Access, type ContextOf, contextFor, type Scope } from './context';
import { type Problem, problemDocument, problemOf } from './problem';
import { refuseForeign, requestIdOf } from './request';
import { seeOther } from './see-other';
import { type Upload, withUpload } from './upload';
import { isForAnother, signedInAs, viewerChanged, viewerIn } from './viewer';

type Params = Readonly<Record<string, string | string[]>>;

interface RouteContext<P extends Params> {
  readonly params: Promise<P>;
}

type Handler<P extends Params> = (request: NextRequest, context: RouteContext<P>) => Promise<Response>;

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Makes a route handler for people whose role includes `access.action`. A state-changing method is accepted only from
 * our own pages. Errors from `run` become a problem document (RFC 9457); no response is cached.
 */
export function route<S extends Scope, P extends Params = Record<string, never>>(
  access: Access<S>,
  run: (ctx: ContextOf<S>, request: NextRequest, params: P) => Promise<Response>,
): Handler<P> & Access<S> {
  return guarded(access, run, problemDocument);
}

/**
 * As `route`, for an address that a person opens: a problem is answered by `onProblem`, which leads to a page that explains it.
 * `run` may have read the body of the request by then.
 */
export function pageRoute<S extends Scope, P extends Params = Record<string, never>>(
  access: Access<S>,
  run: (ctx: ContextOf<S>, request: NextRequest, params: P) => Promise<Response>,
  onProblem: (problem: Problem, request: NextRequest, params: P) => Response | Promise<Response>,
): Handler<P> & Access<S> {
  return guarded(access, run, onProblem);
}

/**
 * As `pageRoute`, for an address that takes a form with a file: `run` gets the file while it arrives. Requests of the tenant do not
 * wait for it. The fields stand before the file.
 */
export function uploadRoute<S extends Scope>(
  access: Access<S>,
  run: (ctx: ContextOf<S>, upload: Upload, request: NextRequest) => Promise<Response>,
  onProblem: (problem: Problem, request: NextRequest) => Response | Promise<Response>,
): Handler<Record<string, never>> & Access<S> {
  return guarded(
    access,
    (ctx, request) =>
      aside(() =>
        withUpload(request, async (upload) => {
          const viewer = await viewerOfRequest(request);
          const isOthers = viewer !== null && isForAnother(upload.fields.get(viewerField), viewer.marker);
          if (!isOthers) return run(ctx, upload, request);
          // A browser shows an answer only after it has sent everything.
          for await (const _ of upload.bytes);
          return toOwnPages();
        }),
      ),
    onProblem,
    refuseOthersScript,
  );
}

const refuseOthersPage = async (request: NextRequest): Promise<Response | null> =>
  (await isOfAnother(request)) ? toOwnPages() : null;

/** As `proxy.ts` does, which does not run before an upload. */
async function refuseOthersScript(request: NextRequest): Promise<Response | null> {
  const viewer = await viewerOfRequest(request);
  if (!viewer || !isForAnother(request.headers.get(viewerHeader), viewer.marker)) return null;
  const reference = requestIdOf(request.headers);
  const response = problemDocument({
    code: 'conflict',
    message: signedInAs(viewer.email),
    fields: {},
    reference,
  });
  response.headers.set(viewerHeader, 'another');
  return response;
}

/** Makes a public route handler, for the given reason. It answers failures as `route` does. */
export function openRoute<P extends Params = Record<string, never>>(
  open: string,
  run: (request: NextRequest, params: P) => Promise<Response>,
): Handler<P> & { readonly open: string } {
  const handler: Handler<P> = (request, { params }) =>
    answer(request, async () => run(request, await params), problemDocument);
  return Object.assign(handler, { open });
}

function guarded<S extends Scope, P extends Params>(
  access: Access<S>,
  run: (ctx: ContextOf<S>, request: NextRequest, params: P) => Promise<Response>,
  onProblem: (problem: Problem, request: NextRequest, params: P) => Response | Promise<Response>,
  refuseOthers: (request: NextRequest) => Promise<Response | null> = refuseOthersPage,
): Handler<P> & Access<S> {
  const handler: Handler<P> = (request, { params }) =>
    answer(
      request,
      async (hear) => {
        if (!safeMethods.has(request.method)) refuseForeign(request.headers, env().NEXTAUTH_URL);
        const refused = await refuseOthers(request);
        if (refused) return refused;
        const ctx = await contextFor(access);
        hear(ctx.log);
        return run(ctx, request, await params);
      },
      async (problem) => onProblem(problem, request, await params),
      (error) => auditRefusal(error, access.action, requestIdOf(request.headers)),
    );
  return Object.assign(handler, access);
}

/**
 * Whether `request` is of a form or a link to a file on a page that was made for somebody else than the person who is signed in
 * now.
 */
export async function isOfAnother(request: NextRequest): Promise<boolean> {
  const inLink = request.nextUrl.searchParams.get(viewerField);
  const type = request.headers.get('content-type') ?? '';
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(type);
  if (!isForm && inLink === null) return false;
  const viewer = await viewerOfRequest(request);
  if (!viewer) return false;
  if (isForAnother(inLink, viewer.marker)) return true;
  if (!isForm) return false;
  // A copy: the handler reads the form itself.
  const form = await request
    .clone()
    .formData()
    .catch(() => null);
  return isForAnother(form?.get(viewerField), viewer.marker);
}

const viewerOfRequest = (request: NextRequest) =>
  viewerIn(new Map(request.cookies.getAll().map(({ name, value }) => [name, value])));

/** Leads to the start page of the person who is signed in, which says who that is. */
export function toOwnPages(): Response {
  const response = new NextResponse(null, seeOther('/'));
  response.cookies.set(viewerChanged());
  return response;
}

/** The answer of `run`, or what `onProblem` makes of its failure, of which `onError` learns first. Neither is cached. */
async function answer(
  request: NextRequest,
  run: (hear: (log: Log) => void) => Promise<Response>,
  onProblem: (problem: Problem) => Response | Promise<Response>,
  onError: (error: unknown) => Promise<void> = async () => undefined,
): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  let lines: Log = log.child({ request: requestId });
  const uncached = (response: Response): Response => {
    response.headers.set('cache-control', 'no-store');
    return response;
  };
  try {
    return uncached(
      await run((more) => {
        lines = more;
      }),
    );
  } catch (error) {
    unstable_rethrow(error);
    await onError(error);
    return uncached(await onProblem(problemOf(error, requestId, lines)));
  }
}
