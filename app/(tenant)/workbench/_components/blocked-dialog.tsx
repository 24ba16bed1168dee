'use client';

import * as Dialog from 'radix-ui/dialog';
import type { RefObject } from 'react';
import { Button } from '@/components/ui/button';

/** Shown when the browser blocked the new tab: offers alternatives. */
export default function BlockedDialog({
  onOpenHere,
  onClose,
  launcher,
}: {
  readonly onOpenHere: () => void;
  readonly onClose: () => void;
  /** Receives the focus when the dialog closes. */
  readonly launcher: RefObject<HTMLButtonElement | null>;
}) {
  return (
    <Dialog.Root defaultOpen onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        {/* Not Radix's overlay, which inserts a style element that the content security policy blocks. */}
        <div className="fixed inset-0 z-30 bg-[oklch(0.15_0.02_218/0.5)]" />
        <Dialog.Content
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            launcher.current?.focus();
          }}
          className="fixed inset-x-4 top-[20vh] z-30 mx-auto max-w-md border border-edge bg-plate p-6 shadow-lg"
        >
          <Dialog.Title className="text-lg font-semibold">Your browser blocked the new tab</Dialog.Title>
          <Dialog.Description className="mt-2 text-sm text-muted">
            Nothing was opened, and no one-time link was used. Open Studio in this tab, or allow pop-ups for
            this site and launch again.
          </Dialog.Description>
          <div className="mt-5 flex flex-wrap gap-2">
            <Button variant="primary" onClick={onOpenHere}>
              Open in this tab
            </Button>
            <Dialog.Close asChild>
              <Button>Not now</Button>
            </Dialog.Close>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
