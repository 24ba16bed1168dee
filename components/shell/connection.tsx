'use client';

import { useOffline } from 'next/offline';
import { Notice } from '../ui/notice';

/** Says that a navigation or a refresh is waiting for the connection. */
export function Connection() {
  return useOffline() ? (
    <Notice tone="warning" title="Annex cannot be reached">
      This page will update once the connection is back. What you entered is kept.
    </Notice>
  ) : null;
}
