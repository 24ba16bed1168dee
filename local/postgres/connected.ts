import pg from 'pg';

/**
 * Connects, runs `work` and ends the connection. Throws the errors of `work`, or the driver's error when it cannot
 * connect.
 */
export async function connected<T>(
  connection: string | pg.ClientConfig,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(connection);
  // A connection that breaks between two statements fails the next one. Without a listener, the event would end the
  // process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
