import { connect, createServer } from 'node:net';
import { freePort } from '../free-port';

/**
 * A server in front of the database at `url` that is `starting` for as many connections (57P03), then passes all on. With
 * `listen`, it begins to accept connections; until then they are refused.
 */
export async function startingReplica(url: string, starting: number) {
  const target = new URL(url);
  const address = new URL(url);
  address.port = String(await freePort());
  let refused = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (refused < starting) {
      refused += 1;
      // An ErrorResponse as PostgreSQL sends it while it starts.
      const fields = Buffer.from('SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0');
      const head = Buffer.from([0x45, 0, 0, 0, fields.length + 4]);
      socket.once('data', () => socket.end(Buffer.concat([head, fields])));
      return;
    }
    const through = connect(Number(target.port), '127.0.0.1');
    through.on('error', () => socket.destroy());
    socket.on('close', () => through.destroy());
    socket.pipe(through).pipe(socket);
  });
  return {
    url: address.href,
    refused: () => refused,
    listen: () => new Promise<void>((resolve) => server.listen(Number(address.port), '127.0.0.1', resolve)),
    close: () => void server.close(),
  };
}
