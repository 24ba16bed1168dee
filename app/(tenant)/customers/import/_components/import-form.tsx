'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, type SubmitEvent, useEffect, useRef, useState } from 'react';
import { expectResult } from '@/components/live/expected';
import { useViewer, ViewerField } from '@/components/shell/viewer-context';
import type { Failure } from '@/components/ui/action-form';
import { Button } from '@/components/ui/button';
import { FailureNotice } from '@/components/ui/failure-notice';
import type { ImportReading } from '../import-reading';
import { fetchStatus, sendFile } from '../send-file';
import { ChosenFile } from './chosen-file';
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
  const [sending, setSending] = useState<AbortController | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const before = useRef<string | null>(null);
  const isSending = sending !== null;
  useAskBeforeLeaving(isSending);

  // The server says sooner than the answer can why a file is refused: the rest need not be sent.
  const ended = isSending && !reading.underWay && reading.startedAt !== before.current;
  useEffect(() => {
    if (ended && reading.state !== 'done') sending?.abort();
  }, [ended, reading.state, sending]);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { file, choices, isReady } = chosen;
    if (isSending || !file || !choices || !isReady) return;
    const abort = new AbortController();
    expectResult(['import']);
    setFailure(null);
    setSending(abort);
    const status = await fetchStatus();
    if ('code' in status) {
      setSending(null);
      setFailure(status);
      return;
    }
    before.current = status.startedAt;
    void refreshOnceBegun(before.current, abort.signal, () => router.refresh());
    const failed = await sendFile(file, choices, viewer, abort.signal);
    setSending(null);
    // What was begun has a record, which says more.
    const wasBegun = failed !== null && (await isBegunSince(before.current));
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
          <p role="status">Keep this page open until the file has been read.</p>
          <Button onClick={() => sending.abort()}>Cancel import</Button>
        </div>
      ) : (
        <>
          <FileField file={chosen.file} onChoose={chosen.choose} fault={chosen.fileFault} />
          {chosen.file ? (
            <ChosenFile chosen={chosen} about={about} submitLabel={submitLabel} />
          ) : (
            <p className="max-w-2xl text-sm text-muted">{about}</p>
          )}
          {failure ? <FailureNotice title="The file was not imported" failure={failure} /> : null}
        </>
      )}
    </form>
  );
}

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
