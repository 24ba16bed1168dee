import type { LaneSize } from '@/lib/domain/jobs';

/** What becomes of somebody who waits in a lane. */
export type Turn =
  /** It has come; `leave` is to be called once, when the work is done. */
  | { readonly kind: 'begins'; leave(): void }
  /** Another of the same owner waits, and will do what this one would. */
  | { readonly kind: 'spare' }
  /** As many wait as may. */
  | { readonly kind: 'full' }
  /** The lane was closed. */
  | { readonly kind: 'closed' };

interface Waiting {
  readonly owner: string;
  resolve(turn: Turn): void;
}

/**
 * Work of one kind, done so many at a time in the order it came, and for an owner one at a time. An owner waits once: who comes while
 * one of theirs has not begun is told so.
 */
export class Lane {
  private readonly running = new Set<string>();
  private waiting: Waiting[] = [];
  private isClosed = false;

  constructor(private readonly size: LaneSize) {}

  /** Waits behind the others. `instead`: takes the place of one of the same owner that waits, which is spare then. */
  enter(owner: string, { instead = false } = {}): Promise<Turn> {
    if (this.isClosed) return Promise.resolve({ kind: 'closed' });
    const other = this.waiting.find((one) => one.owner === owner);
    if (other && !instead) return Promise.resolve({ kind: 'spare' });
    if (!other && !instead && this.waiting.length >= (this.size.waiting ?? Number.POSITIVE_INFINITY)) {
      return Promise.resolve({ kind: 'full' });
    }
    if (other) {
      this.waiting = this.waiting.filter((one) => one !== other);
      other.resolve({ kind: 'spare' });
    }
    const turn = new Promise<Turn>((resolve) => this.waiting.push({ owner, resolve }));
    this.beginNext();
    return turn;
  }

  /** Nobody begins any more. */
  close(): void {
    this.isClosed = true;
    for (const { resolve } of this.waiting.splice(0)) resolve({ kind: 'closed' });
  }

  private beginNext(): void {
    while (this.running.size < this.size.most) {
      const next = this.waiting.find(({ owner }) => !this.running.has(owner));
      if (!next) return;
      this.waiting = this.waiting.filter((one) => one !== next);
      this.running.add(next.owner);
      next.resolve({ kind: 'begins', leave: () => this.leave(next.owner) });
    }
  }

  private leave(owner: string): void {
    this.running.delete(owner);
    this.beginNext();
  }
}
