'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/**
 * Refreshes the page every few seconds while mounted and visible. Without JavaScript, people reload the page.
 */
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
