import type { StandIn } from '../core/service';
import type { Change, DurableState } from '../core/state';
import { type Metric, metricKey, metricOf, metricPrefix, seriesId } from './metric';
import { allResolutions, floorTo, type Resolution, resolutionFor, resolutionsOf } from './resolutions';
import { emptySketch, mergeInto, restore, type Sketch, type StoredSketch, store } from './sketch';

const dataCollection = 'monitoring-data';
const metricCollection = 'monitoring-metrics';
const flushMs = 500;
/** How old the stored time of a metric's last put may be, s. */
const heardLag = 60;
/** Capacity of the cache of metrics whose record is up to date. It is cleared when full. */
const maxKnown = 10_000;

/** The stored record of a metric. Times in s. */
export interface MetricRecord {
  readonly metric: Metric;
  readonly units: readonly string[];
  /** Time of the newest sample. */
  readonly newest: number;
  /** When it was last put. */
  readonly heard: number;
}

/** The buckets of one chunk, by the seconds since the chunk began. */
type Chunk = Readonly<Record<string, StoredSketch>>;

interface Pending {
  readonly metric: Metric;
  readonly unit: string;
  newest: number;
  /** By document key, then by offset in s. */
  readonly chunks: Map<string, Map<number, Sketch>>;
}

/**
 * Metrics on disk. Samples are collected in memory for half a second, in one sketch per bucket, then merged into their
 * documents in one write. So memory grows with the number of metrics reported, not with samples or history.
 */
export class MetricStore {
  private pending = new Map<string, Pending>();
  private readonly known = new Map<string, number>();
  private writing: Promise<void> = Promise.resolve();
  private armed = false;

  constructor(
    private readonly standIn: StandIn,
    private readonly state: DurableState,
    private readonly now: () => number = () => Date.now() / 1000,
  ) {}

  /**
   * Calls `add` for each bucket that contains the time `at` (s). The data are on disk after `flush`, or soon without
   * it.
   */
  put(given: Metric, unit: string, at: number, highResolution: boolean, add: (bucket: Sketch) => void): void {
    const metric = metricOf(given);
    const id = seriesId(metricKey(metric), unit);
    const pending = this.pending.get(id) ?? { metric, unit, newest: at, chunks: new Map() };
    this.pending.set(id, pending);
    pending.newest = Math.max(pending.newest, at);
    for (const resolution of resolutionsOf(highResolution, at, this.now())) {
      const begin = floorTo(at, resolution.chunk);
      const key = chunkKey(resolution, id, begin);
      const chunk = pending.chunks.get(key) ?? new Map<number, Sketch>();
      pending.chunks.set(key, chunk);
      const offset = floorTo(at, resolution.period) - begin;
      const bucket = chunk.get(offset) ?? emptySketch();
      chunk.set(offset, bucket);
      add(bucket);
    }
    this.arm();
  }

  /** Resolves when all earlier data are on disk. */
  flush(): Promise<void> {
    const done = this.writing.then(() => this.write());
    this.writing = done.catch(() => undefined);
    return done;
  }

  /**
   * The buckets of `period` s that begin from `start` to before `end`, by their beginning. Buckets without samples are
   * missing. Without a unit, all units are combined.
   */
  async read(
    given: Metric,
    unit: string | undefined,
    period: number,
    start: number,
    end: number,
  ): Promise<Map<number, Sketch>> {
    const key = metricKey(metricOf(given));
    const record = await this.state.get<MetricRecord>(metricCollection, key);
    const found = new Map<number, Sketch>();
    const resolution = resolutionFor(period, start, this.now());
    const whole = start + Math.ceil((end - start) / period) * period;
    for (const each of record?.units ?? []) {
      if (unit !== undefined && each !== unit) continue;
      await this.readSeries(seriesId(key, each), resolution, start, whole, (at, bucket) => {
        const begin = start + floorTo(at - start, period);
        const sum = found.get(begin);
        if (sum) mergeInto(sum, bucket);
        else found.set(begin, bucket);
      });
    }
    return found;
  }

  /** The metrics of an account whose key has this prefix, sorted by key. */
  async metrics(accountId: string, ...more: readonly string[]): Promise<readonly MetricRecord[]> {
    const prefix = metricPrefix(accountId, this.standIn.region, ...more);
    const entries = await this.state.list<MetricRecord>(metricCollection, { prefix });
    return entries.map(([, record]) => record);
  }

  /** Deletes data older than the retention of their resolution, and metrics that have no data left. */
  async prune(): Promise<void> {
    const longest = Math.max(...allResolutions.map(({ keep }) => keep));
    for (const [key, { units, newest }] of await this.state.list<MetricRecord>(metricCollection)) {
      for (const unit of units) {
        for (const resolution of allResolutions) await this.pruneSeries(seriesId(key, unit), resolution);
      }
      if (newest <= this.now() - longest) await this.state.delete(metricCollection, key);
    }
  }

  private arm(): void {
    if (this.armed) return;
    this.armed = true;
    this.standIn.later(flushMs, async () => {
      this.armed = false;
      await this.flush();
    });
  }

  private async write(): Promise<void> {
    const batch = this.pending;
    if (batch.size === 0) return;
    this.pending = new Map();
    const changes: Change[] = [];
    for (const pending of batch.values()) {
      await this.hear(pending);
      for (const [key, buckets] of pending.chunks) {
        changes.push({
          type: 'put',
          collection: dataCollection,
          key,
          value: await this.merged(key, buckets),
        });
      }
    }
    await this.state.write(changes);
  }

  private async merged(key: string, buckets: ReadonlyMap<number, Sketch>): Promise<Chunk> {
    const before = (await this.state.get<Chunk>(dataCollection, key)) ?? {};
    const after: Record<string, StoredSketch> = { ...before };
    for (const [offset, bucket] of buckets) {
      const present = before[offset];
      if (!present) {
        after[offset] = store(bucket);
        continue;
      }
      const sum = restore(present);
      mergeInto(sum, bucket);
      after[offset] = store(sum);
    }
    return after;
  }

  /**
   * Records that the metric was put. Written at once, because the next series of a batch may be the same metric in
   * another unit.
   */
  private async hear({ metric, unit, newest }: Pending): Promise<void> {
    const key = metricKey(metric);
    const series = seriesId(key, unit);
    const now = this.now();
    if ((this.known.get(series) ?? 0) > now - heardLag) return;
    const before = await this.state.get<MetricRecord>(metricCollection, key);
    await this.state.put<MetricRecord>(metricCollection, key, {
      metric,
      units: [...new Set([...(before?.units ?? []), unit])],
      newest: Math.max(before?.newest ?? 0, newest),
      heard: now,
    });
    if (this.known.size >= maxKnown) this.known.clear();
    this.known.set(series, now);
  }

  private async readSeries(
    id: string,
    resolution: Resolution,
    start: number,
    end: number,
    take: (at: number, bucket: Sketch) => void,
  ): Promise<void> {
    const { chunk } = resolution;
    const first = floorTo(start, chunk);
    const chunks = await this.state.list<Chunk>(dataCollection, {
      prefix: seriesPrefix(resolution, id),
      gt: chunkKey(resolution, id, first - chunk),
      limit: Math.ceil((end - first) / chunk),
    });
    for (const [key, buckets] of chunks) {
      const begin = beginOf(key);
      for (const [offset, stored] of Object.entries(buckets)) {
        const at = begin + Number(offset);
        if (at >= start && at < end) take(at, restore(stored));
      }
    }
  }

  private async pruneSeries(id: string, resolution: Resolution): Promise<void> {
    const oldest = this.now() - resolution.keep - resolution.chunk;
    for (;;) {
      const prefix = seriesPrefix(resolution, id);
      const chunks = await this.state.list<Chunk>(dataCollection, { prefix, limit: 4 });
      const expired = chunks.filter(([key]) => beginOf(key) < oldest);
      for (const [key] of expired) await this.state.delete(dataCollection, key);
      if (expired.length < 4) return;
    }
  }
}

const seriesPrefix = ({ period }: Resolution, id: string): string => `${id}/${period}/`;

/** Keys of one series sort by time. */
const chunkKey = (resolution: Resolution, id: string, begin: number): string =>
  seriesPrefix(resolution, id) + String(Math.max(0, begin)).padStart(12, '0');

const beginOf = (key: string): number => Number(key.slice(key.lastIndexOf('/') + 1));
