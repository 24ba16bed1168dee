/** Fields in which somebody enters something. */
const entry =
  'select, textarea, input:not([type=radio], [type=checkbox], [type=range], [type=submit], [type=button])';

/** Focuses `element`, unless somebody has gone on to a field meanwhile: what is typed there would be lost. */
export function takeFocus(element: HTMLElement | null): void {
  if (document.activeElement?.matches(entry)) return;
  element?.focus();
}
