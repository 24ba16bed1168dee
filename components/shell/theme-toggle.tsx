'use client';

import { dayMs } from '@/lib/domain/time';
import { type Theme, themeCookie, themes } from './theme';

const names: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' };
const yearMs = 365 * dayMs;

/**
 * Chooses the light, dark or system theme and stores it in a cookie, so that the next page is served in it.
 */
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
  // Where the Cookie Store API is missing, as on pages without TLS, the choice lasts until the page is left.
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
