import type { DeadLetter } from './ports';

/** A dead letter as it may be shown: without its body, unless nobody knows what that is. */
export interface ShownLetter extends Omit<DeadLetter, 'body'> {
  /** The beginning of a body that is not known, without what looks like a secret; null otherwise. */
  readonly excerpt: string | null;
}

/** Characters of an unknown body that are looked at, and shown. */
const readCharacters = 2000;
const shownCharacters = 300;

/** What may be shown of a dead letter. */
export function shownLetter({ body, reason, ...letter }: DeadLetter): ShownLetter {
  const known = letter.subject !== null;
  return {
    ...letter,
    reason: reason === null ? null : withoutSecrets(reason),
    excerpt: known ? null : beginningOf(withoutSecrets(body.slice(0, readCharacters)), body.length),
  };
}

function beginningOf(text: string, length: number): string {
  const shown = Array.from(text).slice(0, shownCharacters).join('');
  return shown.length < text.length || length > readCharacters ? `${shown}…` : shown;
}

/** What is left out, and what takes its place. */
const secrets: readonly (readonly [RegExp, string])[] = [
  // An address may be signed.
  [/\b[a-z][a-z0-9+.-]{0,20}:\/\/\S+/gi, '…'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g, '…'],
  // JSON Web Tokens.
  [/\beyJ[\w-]+\.[\w-]*(?:\.[\w-]*)*/g, '…'],
  [
    /((?:password|passwd|secret|token|credential|authorization|cookie|api[_-]?key)[\w-]{0,40}\\?["']?\s*[:=]\s*)("[^"]*"?|'[^']*'?|(?:Bearer|Basic)\s+\S+|[^\s,}]+)/gi,
    '$1…',
  ],
  // Keys and hashes: longer than an id.
  [/[A-Za-z0-9+/_-]{40,}={0,2}/g, '…'],
];

/** `text` without addresses, keys, tokens and what is named a secret. */
export const withoutSecrets = (text: string): string =>
  secrets.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
