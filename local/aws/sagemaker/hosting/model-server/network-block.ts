import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';

const refuse = (what: string) => (): never => {
  throw Object.assign(new Error(`The network is isolated: ${what} is not possible.`), { code: 'EACCES' });
};

/**
 * Takes from this process, for good, what opens connections, listens or resolves names; connections that it is handed still work. http,
 * fetch and WebSocket stand on these. It stops our own code and what it was misled into, sockets in files included; that no code
 * at all gets out is up to the namespace that the process is started in where the system has them.
 */
export function blockNetwork(): void {
  seal(net.Socket.prototype, ['connect']);
  seal(net.Server.prototype, ['listen']);
  seal(net, ['connect', 'createConnection']);
  seal(tls, ['connect']);
  seal(dgram, ['createSocket']);
  seal(dgram.Socket.prototype, ['bind', 'connect', 'send']);
  for (const from of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
    seal(from, Object.keys(from).concat(Object.getOwnPropertyNames(from)).filter(asksServers));
  }
  syncBuiltinESMExports();
}

const asksServers = (name: string): boolean => /^(lookup|resolve|reverse)/.test(name);

function seal(from: object, names: readonly string[]): void {
  for (const name of new Set(names)) {
    Object.defineProperty(from, name, { value: refuse(name), writable: false, configurable: false });
  }
}
