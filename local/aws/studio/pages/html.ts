import type { ServerResponse } from 'node:http';
import { htmlDocument, type Markup, pagePolicy } from '@/local/aws/wire/http/markup';

/** A whole page: no script, one style, `body` inside the shell. */
export const page = (title: string, body: Markup): string =>
  htmlDocument(`${title} · SageMaker Studio (local)`, body);

/** Answers with a page that must not be stored or framed, and whose address must not leak. */
export function sendPage(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...safeHeaders, 'Content-Type': 'text/html; charset=utf-8', ...headers });
  response.end(text);
}

/** Sends the browser to `location` with a GET. */
export function seeOther(response: ServerResponse, location: string, cookie?: string): void {
  response.writeHead(303, {
    ...safeHeaders,
    Location: location,
    ...(cookie ? { 'Set-Cookie': cookie } : {}),
  });
  response.end();
}

const safeHeaders = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': pagePolicy(),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;
