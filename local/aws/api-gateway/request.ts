import type { IncomingMessage } from 'node:http';
import { awsNames } from '@/local/aws-names';
import type { ApiRecord, Route } from './record';

/** Which API a request is for, and what of its URL is below it; null for any other request. */
export function apiInRequest(
  request: IncomingMessage,
): { readonly apiId: string; readonly url: string } | null {
  const url = request.url ?? '/';
  const [, inHost] = hostForm.exec(request.headers.host ?? '') ?? [];
  if (inHost) return { apiId: inHost.toLowerCase(), url };
  const [, inPath, rest = ''] = /^\/_annex\/execute-api\/([a-z0-9]+)(.*)$/s.exec(url) ?? [];
  return inPath ? { apiId: inPath, url: rest.startsWith('/') ? rest : `/${rest}` } : null;
}

const hostForm = new RegExp(`^([a-z0-9]+)\\.execute-api\\.${awsNames.region}\\.localhost(?::\\d+)?$`, 'i');

/** A request to an API, with the stage and the route that it came to. */
export interface ApiRequest {
  readonly api: ApiRecord;
  readonly stage: string;
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** Path and query below the API. */
  readonly url: string;
  readonly requestId: string;
}

/** The stage and the route of a path; null where there is none. */
export function routeOf(
  api: ApiRecord,
  method: string,
  url: string,
): Pick<ApiRequest, 'stage' | 'route' | 'pathParameters'> | null {
  const path = url.split('?', 1)[0] ?? '/';
  const [, first = '', below = ''] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
  const named = first !== '$default' && Object.hasOwn(api.stages, first);
  const stage = named ? first : '$default';
  if (!Object.hasOwn(api.stages, stage)) return null;
  const wanted = named ? below || '/' : path;
  const found = Object.values(api.routes)
    .map((route) => ({ route, match: matchOf(route.key, method, wanted) }))
    .filter(({ match }) => match !== null)
    .sort((a, b) => (a.match?.rank ?? 0) - (b.match?.rank ?? 0))[0];
  return found?.match ? { stage, route: found.route, pathParameters: found.match.parameters } : null;
}

/** How well a route fits, the lower the better: a full path, one with variables, a greedy one, `$default`; the method before `ANY`. */
function matchOf(
  key: string,
  method: string,
  path: string,
): { readonly rank: number; readonly parameters: Record<string, string> } | null {
  if (key === '$default') return { rank: 100, parameters: {} };
  const [wanted = '', template = ''] = key.split(' ');
  if (wanted !== 'ANY' && wanted !== method) return null;
  const names: string[] = [];
  const source = template.split(/(\{\w+\+?\})/).map((piece) => {
    const [, name, greedy] = /^\{(\w+)(\+?)\}$/.exec(piece) ?? [];
    if (name === undefined) return piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    names.push(name);
    return greedy ? '(.+)' : '([^/]+)';
  });
  const found = new RegExp(`^${source.join('')}$`, 's').exec(path);
  if (!found) return null;
  const parameters = Object.fromEntries(names.map((name, at) => [name, decoded(found[at + 1] ?? '')]));
  const rank = (template.includes('+}') ? 20 : 0) + names.length * 2 + (wanted === 'ANY' ? 1 : 0);
  return { rank, parameters };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What events of both kinds have, in format 2.0. */
export function commonEvent(call: ApiRequest, request: IncomingMessage): Record<string, unknown> {
  const { api, stage, route, url, requestId, pathParameters } = call;
  const [path = '/', ...query] = url.split('?');
  const { cookie, ...headers } = request.headers;
  const now = new Date();
  const domainPrefix = api.apiId;
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: path,
    rawQueryString: query.join('?'),
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
    ),
    ...parametersOf('queryStringParameters', queryOf(query.join('?'))),
    ...parametersOf('pathParameters', pathParameters),
    requestContext: {
      accountId: api.accountId,
      apiId: api.apiId,
      domainName: `${domainPrefix}.execute-api.${awsNames.region}.localhost`,
      domainPrefix,
      http: {
        method: request.method,
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: route.key,
      stage,
      time: clfTime(now),
      timeEpoch: now.getTime(),
    },
  };
}

const parametersOf = (name: string, map: Readonly<Record<string, string>>): object =>
  Object.keys(map).length > 0 ? { [name]: map } : {};

/** A parameter that is there more than once has its values with commas between them. */
function queryOf(query: string): Record<string, string> {
  const all = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) all.set(name, [...(all.get(name) ?? []), value]);
  return Object.fromEntries([...all].map(([name, values]) => [name, values.join(',')]));
}

/** `12/Mar/2020:19:03:58 +0000` */
function clfTime(at: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

/** The body as the function sees it: text of these types, base64 of all others. */
export function bodyOf(request: IncomingMessage, body: Buffer): object {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isText = /^(text\/.*|application\/(json|xml|javascript|.*\+json|.*\+xml))$/.test(type);
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}
