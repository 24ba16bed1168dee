import type { IncomingMessage } from 'node:http';

/** Whether a program or browser on this machine sent the request, and to a name that is this machine's own. */
export function fromLoopback(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? '';
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const here = address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
  // A name that merely begins like a loopback address may be anybody's, and a web page of that name could ask.
  return here && ['localhost', '127.0.0.1', '[::1]'].includes(host);
}
