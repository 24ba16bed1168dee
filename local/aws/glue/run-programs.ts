import type { StandIn } from '../core/service';
import { gluePrincipal } from '../iam/policies';
import type { RunEnd, RunLauncher, RunProcess } from './run-process';
import { type JobRun, keyOf } from './run-records';
import type { RunOrder } from './runner/messages';

/** What the programs of all runs work with. */
export interface ProgramSettings {
  /** The role that a program works as. */
  readonly roleArn: string;
  /** The replica that it reads; null where there is none. */
  readonly replicaUrl: string | null;
}

/** The programs of runs that are under way. */
export class RunPrograms {
  private readonly running = new Map<string, RunProcess>();
  /** Runs whose stop was asked for, perhaps before there was a program to stop. */
  private readonly unwanted = new Set<string>();
  private isClosed = false;

  constructor(
    private readonly standIn: StandIn,
    private readonly launcher: RunLauncher,
    private readonly settings: ProgramSettings,
  ) {}

  get closed(): boolean {
    return this.isClosed;
  }

  /** Runs the program of a run to its end. `clear` removes what a run that was cut off left. */
  async carryOut(
    run: JobRun,
    kind: RunOrder['kind'],
    trial: RunOrder['trial'] = {},
    onRunning: () => void = () => undefined,
  ): Promise<RunEnd> {
    const order = await this.orderOf(run, kind, trial);
    const key = keyOf(run);
    if (this.isClosed) return null;
    return new Promise<RunEnd>((resolve) => {
      const program = this.launcher.start(order, onRunning, resolve);
      this.running.set(key, program);
      if (kind === 'extract' && this.unwanted.has(key)) program.stop();
    }).finally(() => this.running.delete(key));
  }

  private async orderOf(run: JobRun, kind: RunOrder['kind'], trial: RunOrder['trial']): Promise<RunOrder> {
    const { standIn, settings } = this;
    const { accessKeyId, secretAccessKey, sessionToken } = await standIn.services.sts.assumeForService(
      gluePrincipal,
      settings.roleArn,
      `glue-${run.id.slice(3, 35)}`,
    );
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    const job = { endpoint: standIn.origin, region: standIn.region, credentials };
    return { kind, arguments: run.arguments, job, replicaUrl: settings.replicaUrl, trial };
  }

  /** Asks the run's program to stop, at once or as soon as it starts. */
  stop(key: string): void {
    this.unwanted.add(key);
    this.running.get(key)?.stop();
  }

  /** Forgets that a run was to stop; call it when the run has ended. */
  forget(key: string): void {
    this.unwanted.delete(key);
  }

  /** Kills every program and starts no other. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.launcher.close();
    await Promise.all([...this.running.values()].map((program) => program.kill()));
  }
}
