'use client';

import type { ReactNode } from 'react';

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
  return (
    <select
      key={value}
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
