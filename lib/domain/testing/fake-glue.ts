import { AnnexError } from '@/lib/errors';
import type { ExtractFiles, ExtractRun, ExtractRunner, ManifestSeed } from '../extracts/ports';

interface Run {
  readonly id: string;
  readonly manifest: ManifestSeed;
  readonly startedAt: number;
  state: ExtractRun['state'];
  reason: string | null;
  readonly dueAt: number;
  /** When it has stopped. */
  stopsAt: number;
}

/** As much of Glue and the bucket as one tenant's extracts need, with its own clock. Runs end by themselves as time passes. */
export class FakeGlue {
  readonly runs: Run[] = [];
  /** How long a run takes, ms. */
  runMs = 4000;
  /** How many of the next runs fail. */
  failures = 0;
  /** How many of the next runs find the replica away. */
  outages = 0;
  /** Contents of the bucket by request: whose manifest, and the bytes of the file. */
  readonly bucket = new Map<string, { attempt: number; said: number; bytes: number | null }>();
  /** True: runs end without a manifest. */
  forgetsManifest = false;
  /** How long it takes to stop a run, ms. */
  stopMs = 0;
  /** Calls that get no response. */
  readonly silent = new Set<keyof ExtractRunner>();
  /** Called once, during the next start. */
  meanwhile: (() => Promise<void>) | null = null;
  /** Thrown by the next starts, one per start. */
  readonly refusals: AnnexError[] = [];
  mostAtOnce = 0;

  constructor(private readonly now: () => number) {}

  active(): number {
    this.turn();
    return this.runs.filter(({ state }) => state === 'running').length;
  }

  readonly runner: ExtractRunner = {
    start: async (order) => {
      this.turn();
      this.answer('start');
      const manifest: ManifestSeed = JSON.parse(order.manifest);
      const refusal = this.refusals.shift();
      if (refusal) throw refusal;
      const { meanwhile } = this;
      this.meanwhile = null;
      await meanwhile?.();
      const id = `jr_${this.runs.length + 1}`;
      this.runs.push({
        id,
        manifest,
        startedAt: this.now(),
        state: 'running',
        reason: null,
        dueAt: this.now() + this.runMs,
        stopsAt: Number.POSITIVE_INFINITY,
      });
      this.mostAtOnce = Math.max(this.mostAtOnce, this.active());
      return id;
    },
    find: async ({ requestId, attempt, since }) => {
      this.answer('find');
      return this.runs
        .filter(({ manifest }) => manifest.requestId === requestId && manifest.attempt === attempt)
        .filter(({ startedAt }) => startedAt >= since.getTime())
        .map(({ id }) => id);
    },
    run: async (runId) => {
      this.answer('run');
      this.turn();
      const run = this.runs.find(({ id }) => id === runId);
      return run ? { state: run.state, reason: run.reason } : null;
    },
    stop: async (runId) => {
      this.answer('stop');
      this.turn();
      const run = this.runs.find(({ id }) => id === runId);
      if (run) run.stopsAt = Math.min(run.stopsAt, this.now() + this.stopMs);
      this.turn();
    },
  };

  readonly files: ExtractFiles = {
    verify: async (_accountId, { requestId, attempt }) => {
      const found = this.bucket.get(requestId);
      if (!found) return { state: 'missing', reason: 'there is no manifest.' };
      if (found.attempt !== attempt || found.bytes !== found.said) {
        return { state: 'different', reason: 'it is another file.' };
      }
      const file = { name: 'data.csv', rows: 3, bytes: found.bytes, sha256: 'a'.repeat(64) };
      return { state: 'whole', file, finishedAt: new Date(this.now()) };
    },
    downloadUrl: async (accountId, { requestId, name, saveAs }) =>
      `https://s3.example/${accountId}/${requestId}/${name}?as=${saveAs}`,
  };

  private answer(call: keyof ExtractRunner): void {
    if (this.silent.has(call)) throw new AnnexError('dependency_failed', 'AWS did not answer');
  }

  private turn(): void {
    for (const run of this.runs) {
      if (run.state !== 'running') continue;
      if (this.now() >= run.stopsAt && run.stopsAt < run.dueAt) run.state = 'stopped';
      if (run.state !== 'running' || this.now() < run.dueAt) continue;
      if (this.failures > 0) {
        this.failures -= 1;
        run.state = 'failed';
        run.reason = 'The replica does not answer.';
        continue;
      }
      if (this.outages > 0) {
        this.outages -= 1;
        run.state = 'away';
        run.reason = 'The replica does not respond (57P03).';
        continue;
      }
      run.state = 'done';
      const { requestId, attempt } = run.manifest;
      if (!this.forgetsManifest) this.bucket.set(requestId, { attempt, said: 99, bytes: 99 });
    }
  }
}
