'use client';

import Link, { useLinkStatus } from 'next/link';
import { usePathname } from 'next/navigation';
import { classNames } from '../ui/class-names';

export interface NavItem {
  readonly href: string;
  readonly label: string;
}

/** Links to the pages a person may open; the current one is marked. */
export function NavLinks({ items, menuId }: { readonly items: readonly NavItem[]; readonly menuId: string }) {
  const path = usePathname();
  return (
    <ul>
      {items.map(({ href, label }) => {
        const current = path === href ? 'page' : path.startsWith(`${href}/`) ? 'true' : undefined;
        return (
          <li key={href}>
            <Link
              href={href}
              aria-current={current}
              onClick={() => {
                const menu = document.getElementById(menuId);
                if (menu?.matches(':popover-open')) menu.hidePopover();
              }}
              className={classNames(
                'flex h-9 items-center justify-between border-l-2 pr-4 pl-3.5 text-sm',
                current
                  ? 'border-mark bg-plate font-semibold text-ink'
                  : 'border-transparent text-muted hover:bg-plate hover:text-ink',
              )}
            >
              {label}
              <Pending />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

function Pending() {
  const { pending } = useLinkStatus();
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'size-1.5 rounded-full bg-mark motion-safe:transition-opacity delay-150',
        pending ? 'pulse' : 'opacity-0',
      )}
    />
  );
}
