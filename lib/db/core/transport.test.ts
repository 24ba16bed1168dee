import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { closeReplica, extractReader, openReplica } from '../extracts/replica';
import { closeDatabase, database, openDatabase, pingDatabase } from './client';

/** PostgreSQL's SSLRequest: length and code (PostgreSQL documentation, Message Formats). */
const sslRequest = '0000000804d2162f';
let heard: string[];
let server: Server;
let url: string;

/** A server that has no TLS, as one in the middle could claim. */
beforeEach(async () => {
  heard = [];
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard.push(bytes.toString('hex'));
      socket.write('N');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  url = `postgresql://annex_portal:secret@127.0.0.1:${address.port}/annex?sslmode=verify-full`;
});

afterEach(async () => {
  await Promise.all([closeDatabase(), closeReplica()]);
  await new Promise((resolve) => server.close(resolve));
});

it('sends nothing in the clear with sslmode=verify-full', async () => {
  await openDatabase(url);
  await openReplica(url);
  const query = { statement: 'SELECT 1', values: [], columns: [] };
  await expect(pingDatabase()).rejects.toThrow(/does not support SSL/);
  await expect(database().streams.connect()).rejects.toThrow(/does not support SSL/);
  await expect(extractReader('foo').preview(query, 1)).rejects.toThrow();
  expect(heard).toEqual([sslRequest, sslRequest, sslRequest]);
});
