const ownWays = ['/sign-in', '/sign-out', '/signed-out', '/auth-error', '/api/'];

/**
 * The path, query and fragment of `wanted` if it is a page of `origin`; `/` for anything else and for the sign-in
 * pages. Safe to redirect to.
 */
export function callbackPath(wanted: string | null | undefined, origin: string): string {
  if (!wanted) return '/';
  const url = URL.canParse(wanted, origin) ? new URL(wanted, origin) : null;
  // The origin of a `blob:` address is that of the page which made it.
  if (!url || url.protocol !== new URL(origin).protocol || url.origin !== new URL(origin).origin) return '/';
  const path = `${url.pathname}${url.search}${url.hash}`;
  // A path that starts with two slashes would be read as another host.
  if (/^\/[/\\]/.test(path) || ownWays.some((way) => path.startsWith(way))) return '/';
  return path;
}
