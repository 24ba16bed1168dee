/**
 * Sends the browser to `location` with a GET (303). The answer is never cached, and the address it was asked at is not told to
 * whoever comes next: `location` may be a URL that signs in or lasts minutes only.
 */
export function seeOther(location: string): Response {
  return new Response(null, {
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  });
}
