import { type APIRequestContext, type APIResponse, request } from '@playwright/test';
import { journeyStack } from '../stack';

/** What a response says, whatever its kind: page, route or action. */
export type Outcome =
  | 'ok'
  | 'sign in'
  | 'forbidden'
  | 'not found'
  | 'not allowed'
  | 'invalid'
  | 'conflict'
  | 'throttled'
  | 'failed';

/** A request to the portal, as a browser sends it. */
export interface Visit {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Fields of a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** The form is sent as one for files. */
  readonly multipart?: boolean;
  /** Next's id of a server action. */
  readonly actionId?: string;
  /** Marker of the person for whom the page with the link or form was made. */
  readonly viewer?: string | undefined;
  /** Without JavaScript a page names its viewer only in forms and in links to files. */
  readonly script?: boolean;
}

export interface Answer {
  readonly outcome: Outcome;
  /** Every header and body on the way, with redirects inside the portal followed. */
  readonly said: string;
  readonly status: number;
}

const mostHops = 4;

/** Cookies of nobody. */
export const stranger = (): Promise<APIRequestContext> =>
  request.newContext({ baseURL: journeyStack.origin });

/** Sends `visit` with the cookies of `visitor`. The one place that knows how the portal's own pages send requests. */
export async function send(visitor: APIRequestContext, visit: Visit): Promise<Answer> {
  let response = await first(visitor, visit);
  let said = await everything(response);
  const status = response.status();
  for (let hop = 0; hop < mostHops; hop += 1) {
    const next = redirectOf(response);
    if (next === null || next.origin !== journeyStack.origin || asksToSignIn(next)) break;
    response = await visitor.get(next.href, { maxRedirects: 0 });
    said += await everything(response);
  }
  return { outcome: outcomeOf(response, said), said, status };
}

async function first(
  visitor: APIRequestContext,
  { method, path, form: fields, multipart = false, actionId, viewer, script = true }: Visit,
): Promise<APIResponse> {
  const headers = {
    origin: journeyStack.origin,
    ...(viewer !== undefined && script && { 'x-annex-viewer': viewer }),
  };
  const form = viewer !== undefined && method === 'POST' ? { ...fields, viewer } : fields;
  // A kept connection may close as it is used again: nothing of that request was read.
  const options = { method, maxRedirects: 0, maxRetries: 2, headers };
  if (actionId !== undefined) {
    return visitor.fetch(path, {
      ...options,
      headers: { ...headers, 'next-action': actionId, accept: 'text/x-component' },
      multipart: argumentsOf(form ?? {}),
    });
  }
  if (form && multipart) return visitor.fetch(path, { ...options, multipart: { ...form } });
  if (form) return visitor.fetch(path, { ...options, form: { ...form } });
  return visitor.fetch(viewer !== undefined && !script ? withViewer(path, viewer) : path, options);
}

const withViewer = (path: string, viewer: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}viewer=${viewer}`;

/** The arguments of an action of `useActionState`, `[null, form]`, as React encodes them. The root comes last. */
function argumentsOf(form: Readonly<Record<string, string>>): FormData {
  const encoded = new FormData();
  for (const [name, value] of Object.entries(form)) encoded.append(`_1_${name}`, value);
  encoded.append('0', '[null,"$K1"]');
  return encoded;
}

async function everything(response: APIResponse): Promise<string> {
  const headers = response.headersArray().map(({ name, value }) => `${name}: ${value}`);
  return `${headers.join('\n')}\n\n${await response.text()}\n`;
}

function redirectOf(response: APIResponse): URL | null {
  const to = response.headers().location ?? response.headers()['x-action-redirect']?.replace(/;\w+$/, '');
  return to === undefined ? null : new URL(to, response.url());
}

const asksToSignIn = ({ pathname }: URL): boolean => pathname === '/sign-in' || pathname === '/auth-error';

const statuses: Readonly<Record<number, Outcome>> = {
  400: 'invalid',
  401: 'sign in',
  403: 'forbidden',
  404: 'not found',
  405: 'not allowed',
  409: 'conflict',
  429: 'throttled',
};
const codes: Readonly<Record<string, Outcome>> = {
  invalid: 'invalid',
  unauthenticated: 'sign in',
  forbidden: 'forbidden',
  not_found: 'not found',
  conflict: 'conflict',
  throttled: 'throttled',
};

function outcomeOf(response: APIResponse, said: string): Outcome {
  const next = redirectOf(response);
  if (next && next.origin === journeyStack.origin && asksToSignIn(next)) return 'sign in';
  const code = /"ok":false,"error":\{"code":"(\w+)"/.exec(said)?.[1];
  if (code !== undefined) return codes[code] ?? 'failed';
  if (response.status() < 400) return 'ok';
  return statuses[response.status()] ?? 'failed';
}
