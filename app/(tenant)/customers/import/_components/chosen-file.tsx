import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { FailureNotice } from '@/components/ui/failure-notice';
import { Notice } from '@/components/ui/notice';
import type { Choices } from '../fields';
import { ColumnFields, orderColumns } from './column-fields';
import { PreviewTable } from './preview-table';
import { ReadingFields } from './reading-fields';
import type { ChosenFileState } from './use-chosen-file';

/** How the chosen file is read, the first orders as they would be read, and the button that imports it. */
export function ChosenFile({
  chosen,
  about,
  submitLabel,
}: {
  readonly chosen: ChosenFileState;
  readonly about: ReactNode;
  readonly submitLabel: string;
}) {
  const { choices, preview, failure, isPending, isReady, change } = chosen;
  const notice = failure ? <FailureNotice title="The file can’t be read" failure={failure} /> : null;
  if (failure && !preview) return notice;
  if (!choices || !preview) {
    return (
      <p role="status" className="text-sm text-muted">
        Reading the first lines
      </p>
    );
  }
  return (
    <>
      <ColumnFields choices={choices} preview={preview} onChange={change} />
      <ReadingFields choices={choices} preview={preview} onChange={change} />
      <section aria-labelledby="preview" aria-busy={isPending} className="space-y-3">
        <h2 id="preview" className="text-lg">
          The first orders, as Annex reads them
        </h2>
        {preview.orders ? (
          <PreviewTable orders={preview.orders} />
        ) : preview.fault ? (
          <Notice tone="failed" title="These lines can’t be read yet">
            {preview.fault}
          </Notice>
        ) : (
          <p className="text-sm text-muted">Still to choose above: {missingOf(choices).join(', ')}.</p>
        )}
      </section>
      {notice}
      <div className="space-y-3">
        <p className="max-w-2xl text-sm text-muted">{about}</p>
        <Button type="submit" variant="primary" aria-disabled={!isReady}>
          {submitLabel}
        </Button>
      </div>
    </>
  );
}

/** The labels of the fields without which no order can be read. */
const missingOf = (choices: Choices): readonly string[] => [
  ...orderColumns.flatMap(([key, label]) => (key !== 'quantity' && choices[key] === '' ? [label] : [])),
  ...(choices.format === null ? ['Dates are written as'] : []),
];
