import { totalmem } from 'node:os';
import type { Programs } from '@/local/aws/core/programs';
import type { StandIn } from '@/local/aws/core/service';
import { HostedProcess, type HostedSpec } from './hosted-process';

/** One variant of one deployment of an endpoint. */
export interface HostedKey {
  readonly accountId: string;
  readonly endpointName: string;
  readonly deployment: string;
  readonly variantName: string;
}

/** The processes behind endpoints. */
export interface Hosting {
  /** Starts the variant's process; false when it ended, or did not answer `/ping` in time, before it was up once. */
  start(key: HostedKey, spec: HostedSpec): Promise<boolean>;
  /** Starts the process of a variant that was in service before, and keeps it running. */
  resume(key: HostedKey, spec: HostedSpec): void;
  /** The port on loopback; null while no process answers. Waits a moment for one that is coming up. */
  port(key: HostedKey): Promise<number | null>;
  process(key: HostedKey): HostedProcess | undefined;
  release(key: HostedKey): Promise<void>;
  stop(): Promise<void>;
}

/** An invocation waits this long for a process that is coming up, as after a restart of the stand-in. */
const waitMs = 30_000;
const namespace = '/aws/sagemaker/Endpoints';

const idOf = ({ accountId, endpointName, deployment, variantName }: HostedKey): string =>
  `${accountId}/${endpointName}/${deployment}/${variantName}`;

/** Runs hosted models, each in a process of its own. */
export function createHosting(standIn: StandIn, programs: Programs): Hosting {
  const processes = new Map<string, HostedProcess>();

  function create(key: HostedKey, spec: HostedSpec): HostedProcess {
    const { accountId, endpointName, variantName } = key;
    const dimensions = { EndpointName: endpointName, VariantName: variantName };
    const hosted = new HostedProcess(programs, spec, {
      forbid: () => standIn.fault('endpoint.start', endpointName),
      log: (fields, message) => standIn.log.info({ ...fields, accountId }, message),
      usage(cpu, memoryBytes) {
        const at = Date.now();
        const memory = (memoryBytes / totalmem()) * 100;
        const put = (name: string, value: number): void =>
          standIn.services.cloudWatch.put(accountId, namespace, name, dimensions, value, 'Percent', at);
        put('CPUUtilization', cpu);
        put('MemoryUtilization', memory);
      },
    });
    processes.set(idOf(key), hosted);
    return hosted;
  }

  async function release(key: HostedKey): Promise<void> {
    const hosted = processes.get(idOf(key));
    processes.delete(idOf(key));
    await hosted?.stop();
  }

  return {
    async start(key, spec) {
      await release(key);
      const hosted = create(key, spec);
      await hosted.launch();
      if (await hosted.waitUntilDecided(spec.startupMs)) return true;
      await release(key);
      return false;
    },
    resume(key, spec) {
      create(key, spec)
        .launch()
        .catch((error: unknown) => standIn.log.error({ err: error }, 'A model could not be started.'));
    },
    async port(key) {
      const hosted = processes.get(idOf(key));
      await hosted?.waitUntilDecided(waitMs);
      return hosted?.port ?? null;
    },
    process: (key) => processes.get(idOf(key)),
    release,
    async stop() {
      const all = [...processes.values()];
      processes.clear();
      await Promise.all(all.map((hosted) => hosted.stop()));
    },
  };
}
