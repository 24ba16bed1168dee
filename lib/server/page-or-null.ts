import { isAnnexError } from '@/lib/errors';

/** What `read` gives, or null when it refuses what the address asks for (`invalid`), as a link that was cut off. */
export async function pageOrNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isAnnexError(error, 'invalid')) return null;
    throw error;
  }
}
