import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/**
 * As `fetch` without following redirects, for Studio's pages: browsers find its host on this machine by themselves, Node
 * does not.
 */
export async function studioFetch(
  url: string | URL,
  init: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: URLSearchParams;
  } = {},
): Promise<Response> {
  const { host, port, pathname, search } = new URL(url);
  const { method = 'GET', headers = {}, body } = init;
  const asked = request({
    ...{ host: 'localhost', port, method, path: `${pathname}${search}` },
    headers: { ...headers, host },
  });
  asked.end(body?.toString());
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const given = Object.entries(answer.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  );
  return new Response(await buffer(answer), { status: answer.statusCode ?? 0, headers: given });
}
