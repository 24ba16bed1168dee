import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { clientOf } from './client';

const from = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

it('believes no header by default', () => {
  expect(clientOf('')(from('203.0.113.9', '198.51.100.1'))).toBe('203.0.113.9');
});

it('believes a trusted proxy, and no further than it', () => {
  const client = clientOf('10.0.0.0/16, 192.0.2.1');
  expect(client(from('10.0.3.4', '198.51.100.1'))).toBe('198.51.100.1');
  expect(client(from('10.0.3.4', '1.2.3.4, 198.51.100.1'))).toBe('198.51.100.1');
  expect(client(from('10.0.3.4', '198.51.100.1, 192.0.2.1'))).toBe('198.51.100.1');
  expect(client(from('10.1.0.1', '198.51.100.1'))).toBe('10.1.0.1');
});

it('takes a network of IPv6 for one client', () => {
  const client = clientOf('');
  expect(client(from('2001:db8:0:7::1'))).toBe(client(from('2001:0db8::7:a:b:c:d')));
  expect(client(from('2001:db8:0:7::1'))).not.toBe(client(from('2001:db8:0:8::1')));
  expect(client(from('::ffff:203.0.113.9'))).not.toBe(client(from('::ffff:203.0.113.10')));
  expect(client(from('::1'))).toBe('0:0:0:0');
});

it('refuses to start with what is no address', () => {
  expect(() => clientOf('the load balancer')).toThrow(/invalid IP address/);
});
