'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** While it is shown, and seen, the page is read again every few seconds. Without a script, one reloads it. */
export function RefreshWhile({ seconds = 4 }: { readonly seconds?: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') router.refresh();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [router, seconds]);
  return (
    <noscript>
      <p>Reload the page to see the current status.</p>
    </noscript>
  );
}
