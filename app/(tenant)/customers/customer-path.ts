/** Names of pages beside a customer's own: `/customers/compare`. */
const pagesBeside: readonly string[] = ['compare', 'export', 'import'];

/** Ids that no browser, proxy or router reads as anything but a name, once they are percent-encoded. Next ends addresses of its own with `.rsc`. */
const plain = /^(?!.*\.rsc$)[\p{L}\p{N}_][\p{L}\p{N}_.@ -]*$/iu;

/**
 * The path of a customer's page: `/customers/‹segment›`. The segment is the percent-encoded id or, for an id that could be
 * misread (`..`, `compare`, `50%`, `a/b`, `x.rsc`), a tilde and the base64url of its UTF-8. Different ids have different paths, and
 * `idOfPath` turns the segment back.
 */
export const customerPath = (id: string): string => `/customers/${segmentOf(id)}`;

/** The id of the customer whose path has this segment, decoded or not. A segment that is no encoding stands for itself. */
export function idOfPath(segment: string): string {
  const text = percentDecoded(segment);
  const id = text.startsWith('~') ? base64Decoded(text.slice(1)) : null;
  return id !== null && segmentOf(id) === text ? id : text;
}

const segmentOf = (id: string): string =>
  plain.test(id) && !pagesBeside.includes(id) ? encodeURIComponent(id) : `~${base64(id)}`;

// Without Buffer, which browsers do not have.

function base64(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function base64Decoded(text: string): string | null {
  try {
    const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** A typed URL may contain an invalid percent escape. */
function percentDecoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
