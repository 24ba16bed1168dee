import type { ReactNode } from 'react';

export interface Fact {
  readonly name: string;
  /** Shown instead of the name, such as one with a term that is explained. */
  readonly label?: ReactNode;
  readonly value: ReactNode;
}

/** A strip of facts, each with its name and, below it, its value. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="flex flex-wrap gap-px border border-line bg-line">
      {facts.map(({ name, label, value }) => (
        <div key={name} className="max-w-full grow basis-40 bg-plate px-4 py-3">
          <dt className="text-xs text-muted">{label ?? name}</dt>
          <dd className="figures mt-0.5 font-medium [overflow-wrap:break-word]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
