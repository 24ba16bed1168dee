/** Shows what a `Term` means while the pointer or the keyboard's focus is on it. A press, and Escape, are the browser's own. */
export function explainTerms(): void {
  document.addEventListener('pointerover', ({ target, pointerType }) => {
    if (pointerType === 'mouse') show(termOf(target));
  });
  document.addEventListener('pointerout', ({ target, relatedTarget, pointerType }) => {
    const term = termOf(target);
    const leaves = pointerType === 'mouse' && termOf(relatedTarget) !== term;
    if (leaves && !term?.contains(document.activeElement)) hide(term);
  });
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element && target.matches(':focus-visible')) show(termOf(target));
  });
  document.addEventListener('focusout', ({ target }) => hide(termOf(target)));
}

const termOf = (target: EventTarget | null): Element | null =>
  target instanceof Element ? target.closest('.term') : null;

const noteOf = (term: Element | null): HTMLElement | null =>
  term?.querySelector<HTMLElement>('[popover]') ?? null;

function show(term: Element | null): void {
  const note = noteOf(term);
  if (note && !note.matches(':popover-open')) note.showPopover();
}

function hide(term: Element | null): void {
  const note = noteOf(term);
  if (note?.matches(':popover-open')) note.hidePopover();
}
