'use client';

import { type DragEvent, useState } from 'react';
import { formatBytes } from '@/components/format';
import { classNames } from '@/components/ui/class-names';
import { longestOrderFile } from '@/lib/domain/crm/ports';

/** Chooses a file, also by dropping it. */
export function FileField({
  file,
  fault,
  onChoose,
}: {
  readonly file: File | null;
  readonly fault: string | null;
  readonly onChoose: (file: File) => void;
}) {
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped) onChoose(dropped);
  };
  return (
    <div>
      <label
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        className={classNames(
          'flex flex-wrap items-center gap-x-4 gap-y-2 border border-dashed px-5 py-5 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-accent sm:px-6',
          file ? '' : 'sm:py-10',
          isOver ? 'border-ink bg-tint' : 'border-edge bg-plate hover:bg-sunk',
        )}
      >
        <span className="inline-flex h-9 items-center rounded-md border border-edge bg-plate px-3.5 text-sm font-medium">
          {file ? 'Choose another file' : 'Choose a CSV file'}
        </span>
        <span className="min-w-0 text-sm text-muted [overflow-wrap:anywhere]">
          {file ? (
            <>
              <span className="font-medium text-ink">{file.name}</span>, {formatBytes(file.size)}
            </>
          ) : (
            `or drop it here. One order per line, up to ${formatBytes(longestOrderFile)}: about ten million orders.`
          )}
        </span>
        <input
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
          aria-describedby={fault ? 'file-fault' : undefined}
          className="sr-only"
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            if (chosen) onChoose(chosen);
            // The same file may be chosen again, once it is corrected.
            event.target.value = '';
          }}
        />
      </label>
      {fault ? (
        <p id="file-fault" role="alert" className="mt-2 text-sm text-failed">
          {fault}
        </p>
      ) : null}
    </div>
  );
}
