'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';

/** Copies `text` to the clipboard. `what` names it. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      setState('refused');
    }
  };
  return (
    <span className="needs-script">
      <Button
        variant="quiet"
        onClick={copy}
        onBlur={() => setState('idle')}
        aria-label={`Copy: ${what}`}
        className="w-32"
      >
        {{ idle: 'Copy', copied: 'Copied', refused: 'Copy manually' }[state]}
      </Button>
      <span role="status" className="sr-only">
        {
          {
            idle: '',
            copied: `${what} copied to the clipboard.`,
            refused: 'The browser blocked access to the clipboard.',
          }[state]
        }
      </span>
    </span>
  );
}
