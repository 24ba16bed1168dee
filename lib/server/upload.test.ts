import { expect, it } from 'vitest';
import { AnnexError } from '@/lib/errors';
import { type Upload, withUpload } from './upload';

const boundary = 'x-1';
const part = (name: string, value: string, file?: string) =>
  `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"\r\ncontent-type: text/csv`}\r\n\r\n${value}\r\n`;
const end = `--${boundary}--\r\n`;

/** A request whose body is `chunks`; after them it breaks off with `failure`. */
function requestOf(
  chunks: readonly string[],
  failure?: Error,
  type = `multipart/form-data; boundary=${boundary}`,
) {
  const left = [...chunks];
  const taken: string[] = [];
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const next = left.shift();
        if (next !== undefined) {
          taken.push(next);
          controller.enqueue(Buffer.from(next));
        } else if (failure) controller.error(failure);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const init = { method: 'POST', headers: { 'content-type': type }, body, duplex: 'half' };
  return { request: new Request('http://localhost/', init as RequestInit), taken };
}

async function textOf({ bytes }: Upload): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

it('gives the fields and then the file, however it is cut', async () => {
  const body =
    part('a', '1') + part('b', 'ü') + part('file', 'x,y\r\n1,2\r\n', 'C:\\tmp\\or\u200bders.csv') + end;
  for (const size of [1, 7, 1000]) {
    const chunks = body.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
    const said = await withUpload(requestOf(chunks).request, async (upload) => ({
      fields: [...upload.fields],
      name: upload.name,
      text: await textOf(upload),
    }));
    expect(said).toEqual({
      fields: [
        ['a', '1'],
        ['b', 'ü'],
      ],
      name: 'orders.csv',
      text: 'x,y\r\n1,2\r\n',
    });
  }
});

it.each([
  ['none was chosen', [part('file', '', '') + end]],
  ['the form has none', [part('a', '1') + end]],
])('names no file where %s', async (_, chunks) => {
  const { request } = requestOf(chunks);
  expect(await withUpload(request, async ({ name }) => name)).toBeNull();
});

it.each([
  ['no form', ['a,b\n1,2\n'], 'text/csv'],
  ['a form that ends before its file', [part('a', '1')], undefined],
  ['garbage', ['--nothing\r\n\r\n'], undefined],
])('refuses %s', async (_, chunks, type) => {
  const { request } = requestOf(chunks, undefined, type);
  await expect(withUpload(request, textOf)).rejects.toMatchObject({ code: 'invalid' });
});

it('says that a file broke off, and never gives half of one as a whole', async () => {
  const half = part('file', 'x,y\r\n1', 'orders.csv').slice(0, -2);
  for (const failure of [new Error('aborted'), undefined]) {
    const { request } = requestOf([half, '2,3'], failure);
    await expect(withUpload(request, textOf)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('broke off'),
    });
  }
});

it('asks for no more of a file than is read, and receives the rest before it tells of a failure', async () => {
  const lines = Array.from({ length: 400 }, () => 'a'.repeat(10_000));
  const { request, taken } = requestOf([part('file', '', 'f.csv').slice(0, -2), ...lines, `\r\n${end}`]);
  let asked = 0;
  const work = withUpload(request, async ({ bytes }) => {
    await bytes.next();
    asked = taken.length;
    throw new AnnexError('invalid', 'line 2: no.');
  });
  await expect(work).rejects.toThrow('line 2: no.');
  expect(asked).toBeLessThan(100);
  expect(taken).toHaveLength(402);
});
