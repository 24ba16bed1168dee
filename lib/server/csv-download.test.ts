import { getEventListeners } from 'node:events';
import { beforeEach, expect, it, vi } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import { AnnexError } from '@/lib/errors';
import { csvDownload } from './csv-download';

const request = () => new Request('http://annex.example/export');

const audited: AuditEvent[] = [];
const ctx = {
  actor: { id: 'u', name: 'ada@foo.example', roles: ['member'] },
  requestId: 'r',
  ports: { audit: { append: async (event: AuditEvent) => void audited.push(event) } },
} as const;
const file = { parts: ['x'], at: new Date(0), subject: 'things' } as const;

beforeEach(() => {
  audited.length = 0;
});

async function* chunks(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

/** A reader who may leave, and what of `chunks` is under way: no more once the source is let go. */
function reading(method = 'GET') {
  const reader = new AbortController();
  const asked = new Request('http://annex.example/export', { method, signal: reader.signal });
  const source = { begun: false, held: false };
  async function* held(): AsyncGenerator<string> {
    source.begun = true;
    source.held = true;
    try {
      for (let chunk = 0; chunk < 3; chunk += 1) yield await Promise.resolve('a\n');
    } finally {
      source.held = false;
    }
  }
  const download = () => csvDownload(ctx, asked, file, held());
  const listeners = () => getEventListeners(asked.signal, 'abort').length;
  return { reader, source, download, listeners };
}

it('sends every chunk once', async () => {
  const asked = request();
  const answer = await csvDownload(
    ctx,
    asked,
    { ...file, parts: ['customers', undefined, 'foo'] },
    chunks('a\n', 'b\n', 'c\n'),
  );
  expect(answer.headers.get('content-disposition')).toBe(
    'attachment; filename="customers-foo-1970-01-01.csv"',
  );
  expect(await answer.text()).toBe('a\nb\nc\n');
  expect(getEventListeners(asked.signal, 'abort')).toEqual([]);
  expect(await (await csvDownload(ctx, request(), file, chunks())).text()).toBe('');
});

it('fails before it answers when nothing can be read', async () => {
  const busy = new AnnexError('throttled', 'Wait.');
  async function* refused(): AsyncGenerator<string> {
    yield await Promise.reject(busy);
  }
  const asked = request();
  await expect(csvDownload(ctx, asked, file, refused())).rejects.toBe(busy);
  expect(getEventListeners(asked.signal, 'abort')).toEqual([]);
  expect(audited).toEqual([]);
});

it('lets the source go when the reader leaves while the first chunk is made', async () => {
  const { reader, source, download, listeners } = reading();
  const answered = download();
  expect(source.held).toBe(true);
  reader.abort();
  await answered;
  await vi.waitFor(() => expect(source.held).toBe(false), { timeout: 30_000 });
  expect(listeners()).toBe(0);
});

it('lets the source go when the reader leaves before or after it', async () => {
  const gone = reading();
  gone.reader.abort();
  expect(await (await gone.download()).text()).toBe('');
  expect(gone.source.held).toBe(false);
  expect(gone.listeners()).toBe(0);

  const leaving = reading();
  await leaving.download();
  expect(leaving.source.held).toBe(true);
  leaving.reader.abort();
  await vi.waitFor(() => expect(leaving.source.held).toBe(false), { timeout: 30_000 });
  expect(leaving.listeners()).toBe(0);

  const cancelling = reading();
  await (await cancelling.download()).body?.cancel();
  expect(cancelling.source.held).toBe(false);
  expect(cancelling.listeners()).toBe(0);
});

it('reads nothing for who asks for the headers alone', async () => {
  const { source, download, listeners } = reading('HEAD');
  const answer = await download();
  expect(answer.headers.get('content-disposition')).toContain('x-1970-01-01.csv');
  expect(answer.body).toBeNull();
  expect(source.begun).toBe(false);
  expect(listeners()).toBe(0);
  expect(audited).toEqual([]);
});

it('audits who exported what before anything of it leaves', async () => {
  const filter = { band: 'high', searched: true };
  const answer = await csvDownload(ctx, request(), { ...file, filter }, chunks('a\n'));
  expect(audited).toEqual([
    {
      action: 'csv.exported',
      subject: 'things',
      actorId: 'u',
      actorName: 'ada@foo.example',
      roles: ['member'],
      requestId: 'r',
      detail: filter,
    },
  ]);
  expect(await answer.text()).toBe('a\n');
});

it('sends nothing that cannot be audited, and lets the source go', async () => {
  const full = new AnnexError('dependency_failed', 'Wait.');
  const without = { ...ctx, ports: { audit: { append: () => Promise.reject(full) } } };
  let held = true;
  async function* source(): AsyncGenerator<string> {
    try {
      yield* ['a\n', 'b\n'];
    } finally {
      held = false;
    }
  }
  await expect(csvDownload(without, request(), file, source())).rejects.toBe(full);
  expect(held).toBe(false);
});
