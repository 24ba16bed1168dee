/**
 * The start of an untrusted text, for people to read: at most `length` characters, one line, without characters that a terminal
 * or a database would interpret or refuse.
 */
export function excerpt(source: string | Uint8Array, length: number): string {
  // A character has at most four bytes. Bytes that are not UTF-8 show as U+FFFD.
  const text =
    typeof source === 'string' ? source.slice(0, length * 4) : decoder.decode(source.subarray(0, length * 4));
  const shown = [...text.replace(/\r?\n/g, '↵').replace(hidden, '\u{fffd}')];
  const whole =
    shown.length <= length && (typeof source === 'string' ? text.length : length * 4) >= source.length;
  return whole ? shown.join('') : `${shown.slice(0, length).join('')}…`;
}

const decoder = new TextDecoder();
/** Control characters, unpaired surrogates, and marks that change the direction of text. */
const hidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{feff}]/gu;
