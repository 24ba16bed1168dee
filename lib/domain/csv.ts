/**
 * One value of text for an RFC 4180 line. What a spreadsheet would run as a formula gets an apostrophe before it, as
 * OWASP advises on CSV injection.
 */
export function csvText(text: string): string {
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
