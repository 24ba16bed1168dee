import { afterEach, expect, it, vi } from 'vitest';
import { send } from './send';

afterEach(() => vi.unstubAllGlobals());

const answerTo = (answer: () => Response) => {
  vi.stubGlobal('fetch', async () => answer());
  return send('/extracts/new/submit', new URLSearchParams());
};
const said = (body: string, status: number) => answerTo(() => new Response(body, { status }));

it('leads on', async () => {
  expect(await said('{"href":"/extracts/1"}', 200)).toEqual({ href: '/extracts/1' });
});

it.each([
  ['{"title":"unauthenticated","detail":"You are not signed in."}', 401, 'You are not signed in.'],
  ['{"title":"Too many requests","detail":"Try again in a moment."}', 429, 'Try again in a moment.'],
])('says why nothing was done: %s', async (body, status, message) => {
  expect(await said(body, status)).toMatchObject({ message });
});

it('tells who is signed out by the code', async () => {
  expect(await said('{"title":"unauthenticated","detail":"…"}', 401)).toMatchObject({
    code: 'unauthenticated',
  });
});

it.each(['null', '7', '{}', '{"href":7}', '', '<h1>Bad gateway</h1>'])(
  'has words for an answer that is not the portal’s: %s',
  async (body) => {
    for (const status of [200, 502]) {
      expect(await said(body, status)).toMatchObject({
        message: expect.stringContaining('did not answer as expected'),
      });
    }
  },
);

it('has words for no answer', async () => {
  const unreachable = answerTo(() => {
    throw new TypeError('Failed to fetch');
  });
  expect(await unreachable).toMatchObject({ message: expect.stringContaining('could not be reached') });
});
