/** Why our own server did not do what a request asked for. */
export interface Problem {
  /** An error code, such as `unauthenticated`. */
  readonly code: string;
  /** For people. Empty if the answer has no words for it. */
  readonly message: string;
}

/** What the problem document (RFC 9457) that a route, or the server before Next, answered says. */
export function problemIn(document: unknown): Problem {
  const { title, detail } = typeof document === 'object' && document !== null ? (document as Members) : {};
  return { code: textOf(title), message: textOf(detail) };
}

type Members = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
