/** The title to return to, and the one that stands in its place. */
let told: { readonly own: string; readonly shown: string } | null = null;

/** Says `words` in the title of a tab that nobody looks at, until somebody does. */
export function tellInTitle(words: string): void {
  if (document.visibilityState !== 'hidden') return;
  const own = told && document.title === told.shown ? told.own : document.title;
  told = { own, shown: `${words} – Annex` };
  document.title = told.shown;
  document.addEventListener('visibilitychange', restore);
}

function restore(): void {
  if (document.visibilityState === 'hidden') return;
  document.removeEventListener('visibilitychange', restore);
  // A page that was rendered again meanwhile has set its own.
  if (told && document.title === told.shown) document.title = told.own;
  told = null;
}
