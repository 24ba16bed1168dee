/** The page, saying why no import was begun; null: the last import says what there is to say. */
export const refusedHref = (kind: string | null): string =>
  kind === null ? '/customers/import' : `/customers/import?${new URLSearchParams({ refused: kind })}`;

const words: Readonly<Record<string, string>> = {
  file: 'No file was chosen. Choose a CSV file, then press the button again.',
  columns:
    'Customer, date and amount each need a column of their own, and the dates a format. Check the fields below.',
  conflict: 'Another import of your organisation is under way. Wait until it has ended, then try again.',
  unauthenticated: 'Your session had expired. You are signed in again. Choose the file once more.',
  forbidden: 'Your role doesn’t allow this, or the form was sent from another site.',
  throttled: 'Your organisation has too many requests in progress. Try again in a moment.',
};

/** What to say about the refusal `kind` in an address; null for none. */
export function refusalWords(kind: unknown): string | null {
  if (typeof kind !== 'string') return null;
  return Object.hasOwn(words, kind)
    ? (words[kind] ?? null)
    : 'A service did not respond. Try again in a minute.';
}
