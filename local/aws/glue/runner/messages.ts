import type { JobIdentity } from './store';

/** The one message that the runner's process receives. */
export interface RunOrder {
  /** `clear` removes what a run that was cut off left. */
  readonly kind: 'extract' | 'clear';
  readonly arguments: Readonly<Record<string, string>>;
  readonly job: JobIdentity;
  /** Null where no replica was named. */
  readonly replicaUrl: string | null;
  readonly trial: { readonly holdMs?: number; readonly failure?: string };
}

/** Messages that the runner's process sends; every kind but `running` is its last. */
export type RunReport =
  | { readonly kind: 'running' }
  | {
      readonly kind: 'succeeded';
      readonly rows: number;
      readonly bytes: number;
      /** The most memory that the process ever held. */
      readonly peakBytes: number;
    }
  /** `clean`: nothing of the run is left. `detail` is for the log alone. */
  | { readonly kind: 'failed'; readonly reason: string; readonly clean: boolean; readonly detail?: string }
  | { readonly kind: 'cleared' };
