import { viewerCookie, viewerHeader, viewerMeta } from '@/lib/viewer';

const channelName = 'annex.viewer';
const changedKey = 'annex.viewer-changed';

/** Whether a page is still that of the person who is signed in, or nobody is, or somebody else. */
export type Standing = 'own' | 'nobody' | 'another';

/** What the browser's cookies (`document.cookie`) say about a page that was made for `viewer`. */
export function standingOf(viewer: string, cookies: string): Standing {
  const prefix = `${viewerCookie}=`;
  const current = cookies.split('; ').find((pair) => pair.startsWith(prefix));
  const marker = current?.slice(prefix.length) ?? '';
  if (marker === '') return 'nobody';
  return marker === viewer ? 'own' : 'another';
}

/** Calls `check` whenever somebody may have signed in or out, or an earlier page is shown. Returns what ends that. */
export function onViewerChange(check: () => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.addEventListener('message', check);
  const events = ['pageshow', 'popstate', 'focus'] as const;
  for (const event of events) window.addEventListener(event, check);
  document.addEventListener('visibilitychange', check);
  return () => {
    channel.close();
    for (const event of events) window.removeEventListener(event, check);
    document.removeEventListener('visibilitychange', check);
  };
}

/** Tells the other tabs to look who is signed in. */
export function announceViewer(): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage(null);
  channel.close();
}

/** Loads the page again for the person who is signed in now, and has it say so. */
export function reloadForAnother(): void {
  sessionStorage.setItem(changedKey, '1');
  window.location.reload();
}

/** Whether this page was loaded in place of one that was made for another user. True only once. */
export function takeViewerChanged(): boolean {
  const changed = sessionStorage.getItem(changedKey) !== null;
  sessionStorage.removeItem(changedKey);
  return changed;
}

/**
 * Makes a `fetch` that tells our own server for whom the page was made. If somebody else is signed in, the server
 * refuses, and the page is loaded again.
 */
export function fetchAsViewer(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const viewer = document.querySelector<HTMLMetaElement>(`meta[name="${viewerMeta}"]`)?.content;
    const url = new URL(input instanceof Request ? input.url : input, window.location.href);
    if (viewer === undefined || url.origin !== window.location.origin) return send(input, init);
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set(viewerHeader, viewer);
    const response = await send(input, { ...init, headers }).catch((error: unknown) => {
      // Next would hold an action back and send it again by itself, long after somebody pressed the button.
      if (init?.method === 'POST') throw new DOMException(String(error), 'TimeoutError');
      throw error;
    });
    if (!response.headers.has(viewerHeader)) return response;
    reloadForAnother();
    // Never answered: whatever waits for it ends with the page.
    return new Promise<Response>(() => undefined);
  };
}
