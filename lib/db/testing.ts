import { startTestPostgres, type TestPostgres } from '@/local/postgres/testing';
import { closeDatabase, openDatabase } from './client';
import { withControl } from './control-scope';

/** A database of one's own with the given tenants, opened as the product's role; `stop` closes and removes it. */
export async function startTestDatabase(
  tenantIds: readonly string[],
  options: Parameters<typeof startTestPostgres>[0] = {},
): Promise<TestPostgres> {
  const postgres = await startTestPostgres(options);
  try {
    await openDatabase(postgres.portalUrl);
    await withControl((tx) =>
      tx.tenant.createMany({ data: tenantIds.map((id) => ({ id, name: id.toUpperCase() })) }),
    );
  } catch (error) {
    await closeDatabase();
    await postgres.stop();
    throw error;
  }
  return {
    ...postgres,
    stop: async () => {
      await closeDatabase();
      await postgres.stop();
    },
  };
}

/** `text` as an order file that comes in pieces of `pieceBytes`. */
export async function* bytesOf(
  text: string | Uint8Array,
  pieceBytes = 64 * 1024,
): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
