import { isAnnexError } from '@/lib/errors';
import { type Action, allows } from './authorize';
import type { ControlContext, TenantContext } from './context';

/** One part of a page. `unread`: the reader may not see it, or nothing depends on it now. */
export type Read<T> =
  | { readonly state: 'read'; readonly value: T }
  | { readonly state: 'unreadable'; readonly reason: string }
  | { readonly state: 'unread' };

/** The value of a part that was read; null otherwise. */
export const known = <T>(part: Read<T>): T | null => (part.state === 'read' ? part.value : null);

type Reader = Pick<TenantContext | ControlContext, 'actor' | 'log'>;

/** A part that nobody asked for, or that the reader may not see. */
export const unread = { state: 'unread' } as const;

/** What `read` gives, if the actor may see it. */
export async function seen<T>(
  { actor }: Reader,
  { action }: { readonly action: Action },
  read: () => Promise<T>,
): Promise<Read<T>> {
  return allows(actor, action) ? { state: 'read', value: await read() } : unread;
}

/** As `seen`, where a failure of AWS is a result. */
export async function seenInAws<T>(
  reader: Reader,
  verb: { readonly action: Action },
  read: () => Promise<T>,
): Promise<Read<T>> {
  try {
    return await seen(reader, verb, read);
  } catch (error) {
    if (!isAnnexError(error, 'dependency_failed', 'dependency_denied', 'throttled')) throw error;
    reader.log.warn({ err: error, action: verb.action }, 'a part of a page could not be read');
    return { state: 'unreadable', reason: error.message };
  }
}
