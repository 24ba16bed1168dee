/** One page of a list, and the token of the next page, which the last page does not have. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/**
 * Cuts `all` into pages. A token is the last entry of the previous page. `onBadToken` creates the service's error for a
 * token whose entry does not exist.
 */
export function pageOf<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  token: string | undefined,
  size: number,
  onBadToken: () => Error,
): Page<T> {
  let start = 0;
  if (token !== undefined) {
    const after = Buffer.from(token, 'base64url').toString('utf8');
    const at = all.findIndex((item) => keyOf(item) === after);
    if (at < 0) throw onBadToken();
    start = at + 1;
  }
  const items = all.slice(start, start + size);
  const last = items.at(-1);
  const more = start + size < all.length;
  return { items, next: more && last ? Buffer.from(keyOf(last)).toString('base64url') : undefined };
}

/** Seconds since the epoch, as the JSON protocols carry times. */
export const epochSeconds = (iso: string): number => Date.parse(iso) / 1000;
