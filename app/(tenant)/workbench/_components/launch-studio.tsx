'use client';

import { lazy, type SubmitEvent, Suspense, useId, useRef, useState } from 'react';
import { ViewerField } from '@/components/shell/viewer-context';
import { Button } from '@/components/ui/button';
import type { StudioPlace } from '@/lib/domain/workbench/schemas';

const BlockedDialog = lazy(() => import('./blocked-dialog'));

/**
 * Opens Studio in a new tab by posting a form, even without JavaScript: at `place`, or at its home. With JavaScript, a blocked tab is
 * detected and this tab is offered instead.
 */
export function LaunchStudio({ place = {} }: { readonly place?: StudioPlace }) {
  const form = useRef<HTMLFormElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const tabs = useRef(0);
  const prefix = useId();
  const [blocked, setBlocked] = useState(false);
  const [opened, setOpened] = useState(false);
  const at = place.space ?? place.app;

  const open = (event: SubmitEvent<HTMLFormElement>) => {
    const target = event.currentTarget;
    if (target.target === '_self') return;
    tabs.current += 1;
    const name = `annex-studio${prefix}${tabs.current}`;
    const tab = window.open('', name);
    if (!tab) {
      event.preventDefault();
      setBlocked(true);
      return;
    }
    // Studio is another site: it must not get a handle to this window.
    tab.opener = null;
    target.target = name;
    setOpened(true);
  };

  const openHere = () => {
    if (!form.current) return;
    form.current.target = '_self';
    form.current.requestSubmit();
  };

  return (
    <>
      <form
        ref={form}
        action="/workbench/launch"
        method="post"
        target="_blank"
        onSubmit={open}
        rel="noopener"
      >
        <ViewerField />
        {Object.entries(place).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {at === undefined ? (
          <Button ref={button} type="submit" variant="primary">
            Launch Studio
          </Button>
        ) : (
          <Button ref={button} type="submit">
            Open<span className="sr-only"> {at}</span>
          </Button>
        )}
      </form>
      <span role="status" className="sr-only">
        {opened ? 'Studio opens in a new tab.' : ''}
      </span>
      {blocked ? (
        <Suspense>
          <BlockedDialog onOpenHere={openHere} onClose={() => setBlocked(false)} launcher={button} />
        </Suspense>
      ) : null}
    </>
  );
}
