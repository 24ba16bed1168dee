import { connect, createServer, type Socket } from 'node:net';
import { freePort } from '../free-port';

/** A gate in front of a server: what uses `url` loses the server when the gate is shut. */
export interface Gate {
  readonly url: string;
  /** Breaks all connections, and every new one at once. */
  shut(): void;
  open(): void;
  /** How many connections it broke. */
  broken(): number;
  close(): void;
}

/** Opens a gate in front of the server at `target`. Its URL differs from `target` in the port alone. */
export async function openGate(target: string): Promise<Gate> {
  const server = new URL(target);
  const url = new URL(target);
  url.port = String(await freePort());
  const sockets = new Set<Socket>();
  let isShut = false;
  let broken = 0;
  const breakOff = (socket: Socket) => {
    broken += 1;
    socket.destroy();
  };
  const gate = createServer((socket) => {
    socket.on('error', () => undefined);
    if (isShut) {
      breakOff(socket);
      return;
    }
    sockets.add(socket);
    const through = connect(Number(server.port), server.hostname);
    through.on('error', () => socket.destroy());
    through.on('close', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      through.destroy();
    });
    socket.pipe(through).pipe(socket);
  });
  await new Promise<void>((resolve, reject) => {
    gate.once('error', reject);
    gate.listen(Number(url.port), '127.0.0.1', resolve);
  });
  return {
    url: url.href,
    shut: () => {
      isShut = true;
      for (const socket of sockets) breakOff(socket);
    },
    open: () => {
      isShut = false;
    },
    broken: () => broken,
    close: () => {
      gate.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
