/**
 * Redirects the browser to `location` with a GET (303). The response is never cached and sends no referrer, because
 * `location` may be a URL that signs in or is valid only for minutes.
 */
export function seeOther(location: string): Response {
  return new Response(null, {
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  });
}
