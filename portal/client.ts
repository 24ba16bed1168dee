import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyaddr from 'proxy-addr';

/**
 * Makes the function that tells clients apart, by address. `X-Forwarded-For` counts only as far as the proxies in `trusted`
 * wrote it: addresses and networks (CIDR), separated by commas. Without any, the client is whoever is connected. Throws for
 * what is no address.
 */
export function clientOf(trusted: string): (request: IncomingMessage) => string {
  const trust = proxyaddr.compile(
    trusted
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean),
  );
  return (request) => networkOf(proxyaddr(request, trust));
}

/** The provider of a client gives it at least a /64 of IPv6, whose addresses are all its own. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.toLowerCase().startsWith('::ffff:')) return address;
  // `URL` writes an address in its shortest form, so that equal networks are equal texts.
  const short = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const middle = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...middle, ...after].slice(0, 4).join(':');
}
