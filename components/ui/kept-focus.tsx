'use client';

import { type ReactNode, useEffect, useRef } from 'react';

/**
 * Takes the focus when an update of the page removes what had it inside, such as _Next_ on the last page. Otherwise the
 * focus would fall to the start of the page.
 */
export function KeptFocus({
  as: Element,
  label,
  className,
  children,
}: {
  readonly as: 'nav' | 'search' | 'section';
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const area = useRef<HTMLElement>(null);
  const focused = useRef<EventTarget>(null);
  // After each update: it may have removed what had the focus.
  useEffect(() => {
    const lost = focused.current instanceof Node && !focused.current.isConnected;
    if (lost && document.activeElement === document.body) area.current?.focus({ preventScroll: true });
  });
  return (
    <Element
      ref={area}
      aria-label={label}
      tabIndex={-1}
      onFocus={({ target }) => {
        focused.current = target;
      }}
      onBlur={() => {
        focused.current = null;
      }}
      className={className}
    >
      {children}
    </Element>
  );
}
