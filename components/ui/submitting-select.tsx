'use client';

import { type ReactNode, useEffect, useRef } from 'react';

/** A select whose id is its name. It submits its form when another value is chosen. */
export function SubmittingSelect({
  name,
  value,
  children,
}: {
  readonly name: string;
  readonly value: string;
  readonly children: ReactNode;
}) {
  const field = useRef<HTMLSelectElement>(null);
  const shown = useRef(value);
  // The URL may change by another way. Mounted anew, the select would lose the focus.
  useEffect(() => {
    if (!field.current || shown.current === value) return;
    shown.current = value;
    field.current.value = value;
  }, [value]);
  return (
    <select
      ref={field}
      id={name}
      name={name}
      defaultValue={value}
      onChange={(event) => event.currentTarget.form?.requestSubmit()}
      className="field mt-1 block w-full"
    >
      {children}
    </select>
  );
}
