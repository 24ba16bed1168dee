import type { IncomingMessage, ServerResponse } from 'node:http';

/** Why a request does not reach a page, in words for whoever sent it. */
export interface Refusal {
  readonly status: 400 | 403 | 404 | 405 | 411 | 413 | 417 | 429 | 503;
  readonly title: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers `request` with `refusal`: as a page to a browser, as a problem document (RFC 9457) to any other client. */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, title, detail, headers = {} } = refusal;
  const asPage = request.headers.accept?.includes('text/html') ?? false;
  const body = asPage ? page(title, detail) : JSON.stringify({ type: 'about:blank', title, status, detail });
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(status, {
    'content-type': asPage ? 'text/html; charset=utf-8' : 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    // The rest of a refused body is never read, so nothing can follow it on this connection.
    connection: 'close',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const page = (title: string, detail: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${title} · Annex</title></head><body><main><h1>${title}</h1><p>${detail}</p>` +
  `<p><a href="/">Go to your start page</a></p></main></body></html>`;

/** Ends the serving of a request with `refusal`. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.title);
  }
}
