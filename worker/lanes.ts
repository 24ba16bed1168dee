import type { LaneSize } from '@/lib/domain/jobs';

/** How a wait in a lane ends. */
export type Turn =
  /** The work may begin; call `leave` once when it is done. */
  | { readonly kind: 'begins'; leave(): void }
  /** Another message of the same owner waits and will do the same work. */
  | { readonly kind: 'spare' }
  /** The lane's limit of waiting messages is reached. */
  | { readonly kind: 'full' }
  /** The lane was closed. */
  | { readonly kind: 'closed' };

interface Waiting {
  readonly owner: string;
  resolve(turn: Turn): void;
}

/**
 * Limits how many jobs of one kind run at a time, in order of arrival and at most one per owner. Only one message per owner
 * waits; further ones are `spare`.
 */
export class Lane {
  private readonly running = new Set<string>();
  private waiting: Waiting[] = [];
  private isClosed = false;

  constructor(private readonly size: LaneSize) {}

  /** Waits at the end of the lane. With `instead`, replaces a waiting message of the same owner, which becomes spare. */
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

  /** No further work begins. */
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
