import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JSONWebKeySet } from 'jose';
import type { Provider } from 'oidc-provider';
import type { StandInLog } from '../aws/core/service';
import type { Outbox } from '../aws/core/services';
import type { Attempts } from './attempts';
import type { Challenges } from './challenges';
import { type Page, stylesheet } from './pages';
import type { Users } from './users';

/** What the hosted UI's pages work with. */
export interface HostedUi {
  readonly origin: string;
  readonly issuer: string;
  readonly provider: Provider;
  readonly users: Users;
  /** To sign in, by the name that was typed. */
  readonly attempts: Attempts;
  /** To choose a password, by the user's `sub`. */
  readonly choices: Attempts;
  readonly challenges: Challenges;
  readonly jwks: JSONWebKeySet;
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  readonly outbox: () => Outbox;
  readonly log: StandInLog;
}

const largestForm = 16 * 1024;

/** A form of more than 16 KB. */
export class FormTooLarge extends Error {}

/**
 * Whether the hosted UI's own page sent the form. Browsers that send neither header pass; the cookie's SameSite=Lax
 * protects those.
 */
export function fromHere(ui: HostedUi, request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const origin = request.headers.origin;
  return origin === undefined || origin === ui.origin;
}

/** The fields of a form. Throws FormTooLarge. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestForm) throw new FormTooLarge();
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/** Sets the headers that all pages have. */
export function secure(ui: HostedUi, response: ServerResponse): void {
  // A browser applies form-action to the redirects after a form too, and sign-in ends at the application.
  const targets = [...new Set(ui.callbackUrls.map((url) => new URL(url).origin))].join(' ');
  response.setHeader(
    'content-security-policy',
    `default-src 'none'; style-src 'self'; img-src data:; form-action 'self' ${targets}; base-uri 'none'; frame-ancestors 'none'`,
  );
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
}

/** Responds with a page. */
export function send(response: ServerResponse, { status, html }: Page): void {
  response
    .writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    .end(html);
}

/** Responds with JSON. */
export function json(response: ServerResponse, body: unknown, status = 200): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}

/** Responds with the style of all pages. */
export function css(response: ServerResponse): void {
  response
    .writeHead(200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=300' })
    .end(stylesheet);
}

/** Leads the browser to `location`. */
export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location, 'cache-control': 'no-store' }).end();
}
