'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, type SubmitEvent, useEffect, useState } from 'react';
import { expectResult } from '@/components/live/expected';
import { useViewer, ViewerField } from '@/components/shell/viewer-context';
import type { Failure } from '@/components/ui/action-form';
import { Button } from '@/components/ui/button';
import { FailureNotice } from '@/components/ui/failure-notice';
import type { ImportReading } from '../import-reading';
import { fetchStatus, sendFile } from '../send-file';
import { ChosenFile } from './chosen-file';
import { orderColumns } from './column-fields';
import { FileField } from './file-field';
import { useChosenFile } from './use-chosen-file';

/** The form for an import with JavaScript: shows how the file would be read before it is sent. */
export function ImportForm({
  reading,
  about,
  submitLabel,
}: {
  readonly reading: ImportReading;
  readonly about: ReactNode;
  readonly submitLabel: string;
}) {
  const router = useRouter();
  const viewer = useViewer();
  const chosen = useChosenFile();
  const [sending, setSending] = useState<Sending | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const isSending = sending !== null;
  const isRead = reading.progress?.state === 'storing';
  useAskBeforeLeaving(isSending && !isRead);

  // The server says sooner than the answer can why a file is refused: the rest need not be sent.
  const isRefused = !reading.underWay && reading.state !== 'done' && isOfSending(reading, sending);
  useEffect(() => {
    if (isRefused) sending?.abort.abort();
  }, [isRefused, sending]);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { file, choices, isReady } = chosen;
    if (isSending || !file || !choices || !isReady) return;
    const abort = new AbortController();
    expectResult(['import']);
    setFailure(null);
    setSending({ abort, before: undefined });
    const status = await fetchStatus();
    if ('code' in status) {
      setSending(null);
      setFailure(status);
      return;
    }
    const before = status.startedAt;
    setSending({ abort, before });
    void refreshOnceBegun(before, abort.signal, () => router.refresh());
    const failed = await sendFile(file, choices, viewer, abort.signal);
    setSending(null);
    // What was begun has a record, which says more.
    const wasBegun = failed !== null && (await isBegunSince(before));
    abort.abort();
    if (failed === null) chosen.clear();
    setFailure(failed && !wasBegun ? failed : null);
    router.refresh();
  };

  if (reading.progress && !isSending) return null;
  return (
    <form
      action="/customers/import/file"
      method="post"
      encType="multipart/form-data"
      onSubmit={submit}
      aria-busy={isSending}
      className="space-y-6 noscript:hidden"
    >
      <ViewerField />
      {isSending ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
          <p role="status">
            {isRead
              ? 'The file has been read. You can close this page: the import goes on.'
              : 'Keep this page open until the file has been read.'}
          </p>
          {isRead ? null : <Button onClick={() => sending.abort.abort()}>Cancel import</Button>}
        </div>
      ) : (
        <>
          <FileField file={chosen.file} onChoose={chosen.choose} fault={chosen.fileFault} />
          {chosen.file ? (
            <ChosenFile chosen={chosen} about={about} submitLabel={submitLabel} />
          ) : (
            <div className="max-w-2xl space-y-4 text-sm text-muted">
              <p>{about}</p>
              <p>The first line names the columns. You choose which one holds what:</p>
              <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1">
                {orderColumns.map(([key, label, meaning]) => (
                  <div key={key} className="contents">
                    <dt className="font-medium text-ink">{label}</dt>
                    <dd>{meaning}</dd>
                  </div>
                ))}
              </dl>
            </div>
          )}
          {failure ? <FailureNotice title="The file was not imported" failure={failure} /> : null}
        </>
      )}
    </form>
  );
}

/** A file that is on its way. */
interface Sending {
  readonly abort: AbortController;
  /** When the import before this one began; undefined: not asked yet. */
  readonly before: string | null | undefined;
}

/** Whether `reading` is of an import that began after the file was sent. */
const isOfSending = ({ startedAt }: ImportReading, sending: Sending | null): boolean =>
  sending?.before !== undefined && startedAt !== null && startedAt > (sending.before ?? '');

/** Has the page follow the import as soon as there is one. */
async function refreshOnceBegun(before: string | null, signal: AbortSignal, refresh: () => void) {
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    if (!signal.aborted && (await isBegunSince(before))) {
      refresh();
      return;
    }
  }
}

async function isBegunSince(before: string | null): Promise<boolean> {
  const status = await fetchStatus();
  return 'startedAt' in status && status.startedAt !== before;
}

/** The browser asks before the page is closed that sends the file. */
function useAskBeforeLeaving(isSending: boolean): void {
  useEffect(() => {
    if (!isSending) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isSending]);
}
