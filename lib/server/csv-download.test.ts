import { expect, it } from 'vitest';
import { AnnexError } from '@/lib/errors';
import { csvDownload } from './csv-download';

async function* chunks(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

it('sends every chunk once', async () => {
  const answer = await csvDownload(['customers', undefined, 'foo'], new Date(0), chunks('a\n', 'b\n', 'c\n'));
  expect(answer.headers.get('content-disposition')).toBe(
    'attachment; filename="customers-foo-1970-01-01.csv"',
  );
  expect(await answer.text()).toBe('a\nb\nc\n');
  expect(await (await csvDownload(['x'], new Date(0), chunks())).text()).toBe('');
});

it('fails before it answers when nothing can be read', async () => {
  const busy = new AnnexError('throttled', 'Wait.');
  async function* refused(): AsyncGenerator<string> {
    yield await Promise.reject(busy);
  }
  await expect(csvDownload(['x'], new Date(0), refused())).rejects.toBe(busy);
});
