'use client';

import type { ReactNode } from 'react';
import { useLive } from '@/components/live/use-live';
import { type ImportReading, progressWords } from '../import-reading';
import { ImportForm } from './import-form';

/** The import under way, or else the `last` one, and the form for another: kept up to date. */
export function ImportDesk({
  initial,
  last,
  about,
  submitLabel,
  children,
}: {
  readonly initial: ImportReading;
  /** What became of the last import. */
  readonly last: ReactNode;
  /** What an import does to the orders that are there. */
  readonly about: ReactNode;
  readonly submitLabel: string;
  /** The form without JavaScript. */
  readonly children: ReactNode;
}) {
  const { reading, polling } = useLive(initial, {
    href: '/customers/import/status',
    pageHref: '/customers/import',
    everyMs: 1000,
  });
  return (
    <>
      {reading.progress ? (
        <Progress reading={reading} />
      ) : reading.mark === initial.mark ? (
        last
      ) : (
        // The server renders what became of it next.
        <p className="text-sm text-muted">{reading.words}</p>
      )}
      <ImportForm reading={reading} about={about} submitLabel={submitLabel} />
      {reading.progress ? null : children}
      {polling}
    </>
  );
}

function Progress({ reading: { progress, startedBy } }: { readonly reading: ImportReading }) {
  if (!progress) return null;
  const { state, readBytes, fileBytes, fileName } = progress;
  const words = progressWords(progress);
  const share = state === 'storing' ? 1 : Math.min(1, readBytes / Math.max(1, fileBytes ?? readBytes * 2));
  return (
    <section aria-labelledby="under-way" className="border border-line bg-plate px-4 py-4 sm:px-6">
      <h2 id="under-way" className="text-lg [overflow-wrap:anywhere]">
        {state === 'storing' ? 'Storing the orders' : 'Reading'} {fileName ?? 'an order file'}
      </h2>
      <div
        role="progressbar"
        aria-label="File read"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share * 100)}
        aria-valuetext={words}
        className="mt-3 h-2 max-w-xl border border-edge bg-sunk"
      >
        <div className="h-full bg-running" style={{ width: `${share * 100}%` }} />
      </div>
      <p className="figures mt-1 text-sm">
        {words}
        <span className="text-muted">
          {' '}
          Started by {startedBy}. Until the end, nothing of the file counts: customers and scores stay as they
          are.
        </span>
      </p>
    </section>
  );
}
