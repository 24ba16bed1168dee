'use client';

import { dayMs } from '@/lib/domain/time';
import { type Theme, themeCookie, themes } from './theme';

const names: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' };
const yearMs = 365 * dayMs;

/** Chooses light, dark or what the system says, and has the browser remember it for the next page's first byte. */
export function ThemeToggle({ theme }: { readonly theme: Theme }) {
  return (
    <fieldset className="needs-script">
      <legend className="sr-only">Theme</legend>
      <div className="grid grid-cols-3 border border-line text-center text-xs">
        {themes.map((each) => (
          <label
            key={each}
            className="py-1 text-muted has-checked:bg-plate has-checked:font-semibold has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="theme"
              value={each}
              defaultChecked={each === theme}
              onChange={() => choose(each)}
              className="sr-only"
            />
            {names[each]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function choose(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // A browser without it, or a page without TLS, keeps the choice until the page is left.
  if ('cookieStore' in window) {
    void cookieStore.set({
      name: themeCookie,
      value: theme,
      path: '/',
      sameSite: 'lax',
      expires: Date.now() + yearMs,
    });
  }
}
