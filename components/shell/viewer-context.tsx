'use client';

import { createContext, type ReactNode, useContext } from 'react';
import { viewerField } from '@/lib/viewer';

const Viewer = createContext<string | null>(null);

/** Tells the forms and the links to files inside for whom the page was made. */
export function ViewerProvider({
  viewer,
  children,
}: {
  readonly viewer: string;
  readonly children: ReactNode;
}) {
  return <Viewer value={viewer}>{children}</Viewer>;
}

/** The marker of the person for whom the page was made; null on a page for everybody. */
export const useViewer = (): string | null => useContext(Viewer);

/** Says in a form that posts for whom the page was made, so that it cannot act for somebody else. */
export function ViewerField() {
  const viewer = useViewer();
  return viewer === null ? null : <input type="hidden" name={viewerField} value={viewer} />;
}
