import { isAnnexError } from '@/lib/errors';

/**
 * The result of `read`, or null when it rejects the URL's parameters (`invalid`), for example of an incomplete link.
 */
export async function pageOrNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isAnnexError(error, 'invalid')) return null;
    throw error;
  }
}
