import type { ReactNode } from 'react';

/** Says that there is nothing here yet, why, and what to do about it. */
export function EmptyState({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="border border-line bg-plate px-6 py-10 sm:px-10">
      <div className="max-w-2xl">
        <h2 className="text-lg">{title}</h2>
        <div className="mt-2 space-y-4 text-muted">{children}</div>
      </div>
    </section>
  );
}
