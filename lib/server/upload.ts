import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Busboy } from '@fastify/busboy';
import { AnnexError } from '@/lib/errors';
import { orderUpload } from './order-upload';

/** A form with a file, whose bytes are still on their way. */
export interface Upload {
  /** The fields before the file. */
  readonly fields: ReadonlyMap<string, string>;
  /** As the browser calls it; null: there is none. */
  readonly name: string | null;
  /**
   * Throws `invalid` if the file does not arrive whole, or is longer than it may be. Memory stays bounded: what is not asked for is
   * not received.
   */
  readonly bytes: AsyncGenerator<Uint8Array>;
}

/** A sender that is silent for so long while it is waited for is gone, ms. */
const silenceMs = 60_000;

const unreadable = (cause?: unknown) =>
  new AnnexError('invalid', 'The form can’t be read. Nothing was imported. Reload the page and try again.', {
    cause,
  });
const brokenOff = (cause?: unknown) =>
  new AnnexError('invalid', 'The upload broke off. Nothing was imported. Choose the file and try again.', {
    cause,
  });
const tooLong = () =>
  new AnnexError(
    'invalid',
    `The file is larger than ${orderUpload.fileBytes / 1_000_000} MB. Nothing was imported. Divide it into several files.`,
  );

/**
 * What `work` makes of the form with a file in the body of `request`. If `work` fails before the file has arrived, the rest is
 * received and thrown away: a browser shows an answer only after it has sent everything. Throws `invalid` for what is no such form.
 */
export async function withUpload<T>(request: Request, work: (upload: Upload) => Promise<T>): Promise<T> {
  if (!request.body) throw unreadable();
  const source = Readable.fromWeb(request.body as ReadableStream<Uint8Array>);
  // Without a listener, an error that nobody waits for any more would end the process.
  source.on('error', () => undefined);
  try {
    return await work(await untilFile(request, source));
  } catch (error) {
    source.unpipe();
    await drained(source);
    throw error;
  }
}

function untilFile(request: Request, source: Readable): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    const refuse = (cause?: unknown) => reject(unreadable(cause));
    let form: InstanceType<typeof Busboy>;
    try {
      form = new Busboy({
        headers: { 'content-type': request.headers.get('content-type') ?? '' },
        limits: { fields: 30, fieldSize: 4_000, files: 1, fileSize: orderUpload.fileBytes, headerPairs: 20 },
      });
    } catch (error) {
      refuse(error);
      return;
    }
    form.on('field', (name, value) => void fields.set(name, value));
    form.on('file', (_, file, name) => {
      // Before anything can fail: the form or the connection may break off while nobody reads.
      file.on('error', () => undefined);
      const fail = (error: unknown) => file.destroy(error instanceof Error ? error : brokenOff(error));
      form.on('error', fail);
      source.on('error', fail);
      source.on('close', () => {
        if (!source.readableEnded) fail(brokenOff());
      });
      resolve({ fields, name: nameOf(name), bytes: bytesOf(file) });
    });
    form.on('error', refuse);
    form.on('finish', () => resolve({ fields, name: null, bytes: nothing() }));
    source.on('error', refuse);
    source.on('close', () => {
      if (!source.readableEnded) refuse();
    });
    source.pipe(form);
  });
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Without a path, and without characters that nobody sees. */
function nameOf(given: string | undefined): string | null {
  const name = (given ?? '').replace(/^.*[\\/]/s, '').replace(/\p{C}/gu, '');
  return name === '' ? null : name.slice(0, 255);
}

async function* bytesOf(file: Readable & { readonly truncated?: boolean }): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = file[Symbol.asyncIterator]();
  try {
    while (true) {
      const { done, value } = await inTime(chunks.next());
      if (done) break;
      yield value;
    }
  } catch (error) {
    throw brokenOff(error);
  }
  if (file.truncated) throw tooLong();
}

async function inTime<T>(next: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The sender is silent.')), silenceMs);
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** Receives and throws away what is left. */
async function drained(source: Readable): Promise<void> {
  const chunks: AsyncIterator<unknown> = source.iterator({ destroyOnReturn: true });
  try {
    while (!(await inTime(chunks.next())).done);
  } catch {
    // Whoever sends no more is told nothing.
    source.destroy();
  }
}
