import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { studioStyle } from './style';

/** Markup whose texts are escaped already. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | string | number | null | undefined | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function render(part: Part): string {
  if (part === null || part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(render).join('');
  return String(part).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** Tagged template for markup: whatever is put in is escaped, unless it is `Markup` itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, index) => text + render(parts[index])).join(''));
}

const styleHash = createHash('sha256').update(studioStyle).digest('base64');

const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A whole page: no script, one style, `body` inside the shell. */
export function page(title: string, body: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · SageMaker Studio (local)</title>
<style>${new Markup(studioStyle)}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
}

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
  'Content-Security-Policy': contentSecurityPolicy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;
