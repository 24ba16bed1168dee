import { announce } from '../live/announcer';

/** Answers every `Copy` button of the page: one listener, however many there are. */
export function copyOnClick(): void {
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-copy]') : null;
    if (button) void copyFrom(button);
  });
}

async function copyFrom(button: HTMLElement): Promise<void> {
  const source = button.previousElementSibling;
  try {
    await navigator.clipboard.writeText(button.dataset.copy || (source?.textContent ?? ''));
  } catch {
    if (source && !button.dataset.copy) getSelection()?.selectAllChildren(source);
    announce('The browser blocked access to the clipboard. Copy the text by hand.');
    return;
  }
  announce('Copied');
  button.dataset.copied = '';
  const forget = () => delete button.dataset.copied;
  for (const leaves of ['blur', 'pointerleave']) button.addEventListener(leaves, forget, { once: true });
}
