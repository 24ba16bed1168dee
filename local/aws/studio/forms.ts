import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readBody } from '../wire/http/body';

const maxFormBytes = 64 * 1024;

/** The token in every form of this session; another site cannot know it. */
export const formToken = (cookie: string): string =>
  createHash('sha256').update(`studio form ${cookie}`).digest('base64url');

/** Browsers say where a form came from; `Origin` is of no use under `Referrer-Policy: no-referrer`. */
export function isOwnForm({ headers }: IncomingMessage): boolean {
  return (headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin';
}

/** The fields of a form that this session's own page has sent; null for any other. Throws for more than 64 KB. */
export async function readForm(request: IncomingMessage, cookie: string): Promise<URLSearchParams | null> {
  if (!isOwnForm(request)) return null;
  const form = new URLSearchParams((await readBody(request, maxFormBytes)).toString());
  const sent = Buffer.from(form.get('token') ?? '');
  const wanted = Buffer.from(formToken(cookie));
  return sent.length === wanted.length && timingSafeEqual(sent, wanted) ? form : null;
}
