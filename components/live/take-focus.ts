/** Fields in which somebody enters something. */
const entry =
  'select, textarea, [contenteditable], input:not([type=radio], [type=checkbox], [type=range], [type=submit], [type=button])';

/** Whether somebody enters something in `element`. */
export const isEntry = (element: Element): boolean => element.matches(entry);

/** Focuses `element`, unless somebody has gone on to a field meanwhile: what is typed there would be lost. */
export function takeFocus(element: HTMLElement | null): void {
  if (document.activeElement && isEntry(document.activeElement)) return;
  element?.focus();
}
