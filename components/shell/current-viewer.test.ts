import { afterEach, describe, expect, it, vi } from 'vitest';
import { fetchAsViewer, standingOf } from './current-viewer';

it('knows by the browser’s cookies whose page is shown', () => {
  expect(standingOf('ada', 'annex-theme=dark; annex.viewer=ada')).toBe('own');
  expect(standingOf('ada', 'annex.viewer=bea; annex-theme=dark')).toBe('another');
  expect(standingOf('ada', 'annex.viewer=adam')).toBe('another');
  expect(standingOf('ada', 'annex-theme=dark; not-annex.viewer=ada')).toBe('nobody');
  expect(standingOf('ada', 'annex.viewer=')).toBe('nobody');
  expect(standingOf('ada', '')).toBe('nobody');
});

describe('what a page fetches', () => {
  afterEach(() => vi.unstubAllGlobals());

  function pageOf(viewer: string | null) {
    const reload = vi.fn();
    const location = { href: 'http://localhost:3000/customers', origin: 'http://localhost:3000', reload };
    vi.stubGlobal('window', { location });
    vi.stubGlobal('sessionStorage', { setItem: () => undefined });
    vi.stubGlobal('document', { querySelector: () => viewer && { content: viewer } });
    return reload;
  }

  it('says to our own server alone for whom the page was made', async () => {
    pageOf('ada');
    const sent: [string, string | null, string | null][] = [];
    const asAda = fetchAsViewer(async (input, init) => {
      const headers = new Headers(init?.headers);
      sent.push([String(input), headers.get('x-annex-viewer'), headers.get('accept')]);
      return new Response();
    });
    await asAda('/workbench/status', { headers: { accept: 'application/json' } });
    await asAda(new URL('http://localhost:3000/model'));
    await asAda('https://elsewhere.example/');
    expect(sent).toEqual([
      ['/workbench/status', 'ada', 'application/json'],
      ['http://localhost:3000/model', 'ada', null],
      ['https://elsewhere.example/', null, null],
    ]);
  });

  it('loads the page again when it is refused', async () => {
    const reload = pageOf('ada');
    const answer = new Response(null, { status: 409, headers: { 'x-annex-viewer': 'another' } });
    const waiting = fetchAsViewer(async () => answer)('/model');
    await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
    const first = await Promise.race([waiting.then(() => 'answered'), Promise.resolve('waits')]);
    expect(first).toBe('waits');
  });

  it('fails for good where Next would send an action again by itself', async () => {
    pageOf('ada');
    const asAda = fetchAsViewer(async () => {
      throw new TypeError('Failed to fetch');
    });
    await expect(asAda('/model', { method: 'POST' })).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(asAda('/model')).rejects.toThrow(TypeError);
  });
});
