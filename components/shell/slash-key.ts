const kept = 'annex.slash-key';

/** Whether `/` searches. A key without a modifier must be possible to turn off, because speech input types it (WCAG 2.1.4). */
export function slashSearches(): boolean {
  try {
    return localStorage.getItem(kept) !== 'off';
  } catch {
    return true;
  }
}

/** Turns `/` on or off in this browser. Without storage, nothing changes. */
export function turnSlash(on: boolean): void {
  try {
    if (on) localStorage.removeItem(kept);
    else localStorage.setItem(kept, 'off');
  } catch {
    // A browser may keep nothing for us.
  }
}
