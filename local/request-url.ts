import type { IncomingMessage } from 'node:http';

/**
 * The address on `origin` that a request asks for; null for one that no URL can have. A path that begins with two slashes is a
 * path, too, and names no other host.
 */
export function requestUrl({ url = '/' }: Pick<IncomingMessage, 'url'>, origin: string): URL | null {
  const address = url.startsWith('/') ? `${origin}${url}` : url;
  return URL.canParse(address) ? new URL(address) : null;
}
