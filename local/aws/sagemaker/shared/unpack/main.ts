import { reasonOf } from '../reason';
import { type UnpackOrder, unpackArchive } from './unpack-archive';

// Unpacks one archive in its own process. It ends when its parent ends.

export type UnpackMessage =
  | { readonly kind: 'unpacked' }
  /** Why it is no good archive, in a sentence. */
  | { readonly kind: 'refused'; readonly reason: string };

process.once('disconnect', () => process.exit(0));
process.once('message', async (order: UnpackOrder) => {
  // Some damage leaves the library waiting for ever. With nothing else to wait for, the process then ends.
  process.channel?.unref();
  const message: UnpackMessage = await unpackArchive(order).then(
    () => ({ kind: 'unpacked' }),
    (error: unknown) => ({
      kind: 'refused',
      reason: reasonOf(error),
    }),
  );
  process.channel?.ref();
  process.send?.(message, () => process.exit(0));
});
