import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** Sees to it that processes do not outlive this one, however it ends and whatever they are doing. */
export interface Reaper {
  /** Ends `child` when this process is gone. */
  watch(child: ChildProcess): void;
}

/** Makes a reaper: a process of its own, there while a child of this one is. */
export function createReaper(): Reaper {
  const watched = new Set<ChildProcess>();
  let reaper: ChildProcess | null = null;

  /** Tells it. Where it is gone, the children still notice by themselves once they are idle. */
  const tell = (message: { readonly began?: number | undefined; readonly ended?: number | undefined }) =>
    void reaper?.send(message, () => undefined);

  function begin(): void {
    const begun = spawn(process.execPath, [join(import.meta.dirname, '..', '..', 'reaper-process.mjs')], {
      env: { NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const gone = () => {
      if (reaper === begun) reaper = null;
    };
    begun.once('error', gone).once('exit', gone);
    begun.unref();
    begun.channel?.unref();
    reaper = begun;
    for (const { pid } of watched) tell({ began: pid });
  }

  return {
    watch(child) {
      if (child.pid === undefined) return;
      watched.add(child);
      if (reaper) tell({ began: child.pid });
      else begin();
      child.once('exit', () => {
        watched.delete(child);
        tell({ ended: child.pid });
        if (watched.size > 0) return;
        reaper?.disconnect();
        reaper = null;
      });
    },
  };
}
