'use client';

import { type ComponentType, useEffect, useState, useSyncExternalStore } from 'react';
import { announce } from '../live/announcer';
import { isEntry } from '../live/take-focus';
import { Button } from '../ui/button';
import type { PaletteProps } from './palette';
import type { PaletteItem } from './palette-items';
import { slashSearches } from './slash-key';

const openers = new Set<() => void>();
const openPalette = () => {
  for (const open of openers) open();
};

const never = () => () => {};
const isMac = (): boolean => /^(Mac|iP)/.test(navigator.platform);
const useMac = (): boolean => useSyncExternalStore(never, isMac, () => false);
/** The shortcut as ARIA writes it, once the page listens to keys: none in the HTML that the server sends. */
const useShortcut = (): string | undefined =>
  useSyncExternalStore<string | undefined>(
    never,
    () => (isMac() ? 'Meta+K' : 'Control+K'),
    () => undefined,
  );

/** Opens the palette; `compact` is for the bar of narrow screens. */
export function FinderButton({ compact = false }: { readonly compact?: boolean }) {
  const mac = useMac();
  const shortcut = useShortcut();
  const glass = (
    <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4 shrink-0 fill-none stroke-current">
      <circle cx="7" cy="7" r="4.5" strokeWidth="1.5" />
      <path d="m10.5 10.5 4 4" strokeWidth="1.5" />
    </svg>
  );
  if (compact) {
    return (
      <div className="needs-script">
        <Button onClick={openPalette} aria-label="Find or go to" className="w-9 px-0!">
          {glass}
        </Button>
      </div>
    );
  }
  return (
    <button
      type="button"
      onClick={openPalette}
      aria-keyshortcuts={shortcut}
      className="flex field w-full items-center gap-2 text-left text-muted hover:border-ink hover:text-ink"
    >
      {glass}
      <span className="flex-1">Find or go to</span>
      <span aria-hidden="true" className="w-12 text-right text-xs text-faint">
        {mac ? '⌘ K' : 'Ctrl K'}
      </span>
    </button>
  );
}

/**
 * The palette behind ⌘K or Ctrl-K, and `/`: it focuses the search of the page or, where there is none, opens the palette. The
 * palette's code is loaded when somebody first asks for it.
 */
export function Finder(props: {
  readonly pages: readonly PaletteItem[];
  readonly deeds: readonly PaletteItem[];
  readonly findHref: string | null;
}) {
  const [wanted, setWanted] = useState(false);
  const Palette = usePalette(wanted);
  useEffect(() => {
    const open = () => setWanted(true);
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.altKey || event.shiftKey) return;
      const command = isMac() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
      if (command && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setWanted((before) => !before);
      } else if (event.key === '/' && !event.ctrlKey && !event.metaKey && isFree(event.target)) {
        event.preventDefault();
        const search = document.querySelector<HTMLInputElement>('main input[type=search]');
        search?.select();
        search?.focus();
        if (!search) open();
      }
    };
    openers.add(open);
    document.addEventListener('keydown', pressed);
    return () => {
      openers.delete(open);
      document.removeEventListener('keydown', pressed);
    };
  }, []);
  return wanted && Palette ? <Palette {...props} onClose={() => setWanted(false)} /> : null;
}

/** Nobody is typing, no dialog has the page, and the key is not turned off. */
const isFree = (target: EventTarget | null): boolean =>
  !(target instanceof Element && isEntry(target)) &&
  document.querySelector('dialog[open], [role=dialog]') === null &&
  slashSearches();

/** The palette once it is `wanted` and loaded. */
function usePalette(wanted: boolean): ComponentType<PaletteProps> | null {
  const [module, setModule] = useState<{ readonly Palette: ComponentType<PaletteProps> } | null>(null);
  useEffect(() => {
    if (!wanted || module) return;
    import('./palette').then(setModule, () => announce('The search could not be loaded. Try again.'));
  }, [wanted, module]);
  return module?.Palette ?? null;
}
