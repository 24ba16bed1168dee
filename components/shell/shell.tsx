'use client';

import type { ReactNode } from 'react';
import { Announcer } from '../live/announcer';
import { Toasts } from '../live/toasts';
import { WorkWatch } from '../live/work-watch';
import { Button } from '../ui/button';
import { PostForm } from '../ui/post-form';
import { Finder, FinderButton } from './finder';
import { Mark } from './mark';
import { type NavItem, NavLinks } from './nav-links';
import type { Theme } from './theme';
import { ThemeToggle } from './theme-toggle';

const menuId = 'menu';

/** The frame of every page for a signed-in person: navigation, organisation and user. */
export function Shell({
  home,
  items,
  deeds,
  findHref,
  workHref,
  organisation,
  person,
  theme,
  children,
}: {
  readonly home: string;
  readonly items: readonly NavItem[];
  /** What the palette offers to do. */
  readonly deeds: readonly NavItem[];
  /** Answers what else the palette leads to; null: nothing. */
  readonly findHref: string | null;
  /** Answers what is under way for the person's tenant, as a `WorkReading`; null: nothing ever is. */
  readonly workHref: string | null;
  /** The tenant's name, or the area for admins or sellers. */
  readonly organisation: string;
  readonly person: { readonly name: string; readonly role: string };
  readonly theme: Theme;
  readonly children: ReactNode;
}) {
  return (
    <div className="lg:grid lg:grid-cols-[13.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="fixed top-2 left-2 z-20 -translate-y-16 bg-action px-4 py-2 text-sm font-medium text-on-action focus:translate-y-0"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-10 flex h-13 items-center gap-3 border-b border-line bg-sunk px-4 lg:hidden">
        <a href={home} className="flex items-center gap-2 font-display text-lg font-semibold">
          <Mark className="size-6" />
          Annex
        </a>
        <span className="min-w-0 flex-1 truncate border-l border-line pl-3 text-sm text-muted">
          {organisation}
        </span>
        <FinderButton compact />
        <Button popoverTarget={menuId}>Menu</Button>
      </header>
      <aside
        aria-label="Menu"
        id={menuId}
        popover="auto"
        className="side-menu h-dvh flex-col overflow-y-auto"
      >
        <div className="px-4 pt-4 pb-5">
          <a href={home} className="flex items-center gap-2.5 font-display text-xl font-semibold">
            <Mark className="size-7" />
            Annex
          </a>
          <p className="mt-4 truncate text-sm font-medium" title={organisation}>
            {organisation}
          </p>
          <div className="needs-script mt-4 max-lg:hidden">
            <FinderButton />
          </div>
        </div>
        <nav aria-label="Main" className="flex-1">
          <NavLinks items={items} menuId={menuId} />
        </nav>
        <div className="space-y-3 border-t border-line p-4 text-sm">
          <div>
            <p className="truncate" title={person.name}>
              {person.name}
            </p>
            <p className="text-xs text-muted">{person.role}</p>
          </div>
          <ThemeToggle theme={theme} />
          <PostForm action="/sign-out" failed="You are not signed out">
            <Button type="submit" className="w-full">
              Sign out
            </Button>
          </PostForm>
        </div>
      </aside>
      <main id="content" tabIndex={-1} className="min-w-0 px-4 py-6 outline-none sm:px-8 lg:py-8">
        <div className="mx-auto max-w-[92rem] space-y-6">{children}</div>
      </main>
      <Announcer />
      <Toasts />
      {workHref ? <WorkWatch href={workHref} /> : null}
      <Finder pages={items} deeds={deeds} findHref={findHref} />
    </div>
  );
}
