import { createKeyedMutex } from '../core/keyed-mutex';
import type { StateStore } from '../core/service';

/** How a run can end. */
export type Finished = 'SUCCEEDED' | 'FAILED' | 'STOPPED' | 'TIMEOUT';

/** A run of a job. Times are ISO 8601, UTC. */
export interface JobRun {
  readonly id: string;
  readonly jobName: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly state: 'STARTING' | 'RUNNING' | 'STOPPING' | Finished;
  readonly timeoutMinutes: number;
  readonly startedAt: string;
  /** When its program began. */
  readonly runningAt?: string;
  readonly modifiedAt: string;
  readonly completedAt?: string;
  readonly errorMessage?: string;
  /** How often clearing what it left has failed. */
  readonly clearings?: number;
  /** How it ends once what it left is cleared. */
  readonly outcome?: { readonly state: Finished; readonly errorMessage?: string };
}

/** True while a run takes one of the job's places. */
export const isActive = ({ state }: JobRun): boolean =>
  state === 'STARTING' || state === 'RUNNING' || state === 'STOPPING';

/** Key of a run's document. */
export const keyOf = ({ jobName, id }: Pick<JobRun, 'jobName' | 'id'>): string => `${jobName}/${id}`;

/** How a run that failed with `reason` ends: stopped when somebody asked for that. */
export function outcomeOf({ state }: JobRun, reason: string): NonNullable<JobRun['outcome']> {
  return state === 'STOPPING' ? { state: 'STOPPED' } : { state: 'FAILED', errorMessage: reason };
}

const collection = 'glue.runs';

/** The documents of all runs. */
export class RunRecords {
  private readonly withLock = createKeyedMutex();

  constructor(private readonly state: StateStore) {}

  find(key: string): Promise<JobRun | undefined> {
    return this.state.get<JobRun>(collection, key);
  }

  async list(): Promise<readonly JobRun[]> {
    return (await this.state.list<JobRun>(collection)).map(([, run]) => run);
  }

  put(run: JobRun): Promise<void> {
    return this.state.put(collection, keyOf(run), run);
  }

  delete(key: string): Promise<void> {
    return this.state.delete(collection, key);
  }

  /**
   * Changes a run while it is active; changes of one run follow each other. `change` gives null to leave it as it is.
   * Null when nothing was changed.
   */
  update(key: string, change: (run: JobRun) => Partial<JobRun> | null): Promise<JobRun | null> {
    return this.withLock(key, async () => {
      const run = await this.find(key);
      const changed = run && isActive(run) ? change(run) : null;
      if (!run || !changed) return null;
      const next = { ...run, ...changed, modifiedAt: new Date().toISOString() };
      await this.state.put(collection, key, next);
      return next;
    });
  }

  /** Ends a run that is active. */
  end(key: string, state: Finished, errorMessage?: string): Promise<JobRun | null> {
    return this.update(key, () => ({
      state,
      completedAt: new Date().toISOString(),
      ...(errorMessage === undefined ? {} : { errorMessage }),
    }));
  }
}
