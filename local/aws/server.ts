import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { awsNames } from '../aws-names';
import { createLog } from './core/log';
import type { StandIn, StandInLog } from './core/service';
import { type DurableState, openState } from './core/state';
import { Timers } from './core/timers';
import { type DispatchDeps, dispatch } from './dispatch';
import { buyerRole } from './iam/buyer-role';
import { CredentialStore } from './iam/credentials';
import { ensureBuyerCredentials, ensurePortalCredentials } from './iam/portal-credentials';
import { accessDenied, IamStore } from './iam/store';
import { type AllServices, type CognitoSettings, createServices, type ServiceRegistry } from './services';
import { Calls } from './trials/calls';
import { Faults } from './trials/faults';
import { type Exchange, type Listener, listen } from './wire/http/listen';

export interface AwsOptions {
  /** State goes to `<dir>/aws`. */
  readonly dir: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Length of one asynchronous step, ms. */
  readonly stepMs: number;
  /** Port of the Cognito stand-in and the portals that may sign people in; none without it. */
  readonly cognito?: Omit<CognitoSettings, 'dir'>;
  /** The replica that Glue's extracts read, as the login `annex_extract`; absent: they fail and say so. */
  readonly replicaUrl?: string;
  readonly log?: StandInLog;
}

/** What the services see, and more of them; for tests. */
export interface RunningStandIn extends StandIn {
  readonly services: AllServices;
}

export interface RunningAws {
  /** `http://localhost:<port>` */
  readonly origin: string;
  readonly standIn: RunningStandIn;
  stop(): Promise<void>;
}

const graceMs = 5000;

/**
 * Starts the AWS stand-ins on loopback and resolves when all can serve. Rejects with a sentence when the port is taken
 * or another process uses the state, and with CannotStart when something of it is damaged or lost.
 */
export async function startAws(options: AwsOptions): Promise<RunningAws> {
  const log = options.log ?? createLog();
  let deps: DispatchDeps | null = null;
  const listener = await listen(options.port, async (exchange) => {
    if (deps) await dispatch(deps, exchange);
    else notYet(exchange);
  });
  const origin = `http://localhost:${options.port}`;
  const undo: (() => Promise<void>)[] = [() => listener.close(graceMs)];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const state = await open(join(options.dir, 'aws'));
    undo.push(() => state.close());
    const core = await createCore(options, origin, state, log);
    undo.push(() => core.timers.stop());
    for (const service of core.registry.all) {
      await service.start?.();
      undo.push(async () => service.stop?.());
    }
    deps = core.deps;
    return {
      origin,
      standIn: core.standIn,
      stop: () => stopInOrder(listener, core.registry, core.timers, state),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Requests first, so that nothing is asked of a service that has stopped. */
async function stopInOrder(
  listener: Listener,
  registry: ServiceRegistry,
  timers: Timers,
  state: DurableState,
): Promise<void> {
  await listener.close(graceMs);
  await timers.stop();
  for (const service of [...registry.all].reverse()) await service.stop?.();
  await state.close();
}

async function createCore(options: AwsOptions, origin: string, state: DurableState, log: StandInLog) {
  const dir = join(options.dir, 'aws');
  const faults = new Faults();
  const timers = new Timers(log);
  const iam = new IamStore(state, (point, subject) => faults.standing(point, subject));
  await iam.load();
  await iam.putRole(buyerRole);
  const credentials = new CredentialStore(state);
  await credentials.load(
    await ensurePortalCredentials(options.dir),
    await ensureBuyerCredentials(options.dir),
  );
  let made: AllServices | null = null;
  const calls = new Calls();
  const standIn: RunningStandIn = {
    region: awsNames.region,
    portalAccountId: awsNames.portalAccountId,
    origin,
    studioOrigin: `http://${awsNames.studioHost}:${options.port}`,
    stepMs: options.stepMs,
    state,
    log,
    authorize: (caller, action, resource, context) => {
      calls.record(caller, action, resource, context);
      if (faults.standing('denied', action, caller.tags.TenantId) !== null)
        throw accessDenied(caller, action, resource, 'with an explicit deny in a service control policy');
      iam.authorize(caller, action, resource, context);
    },
    get services() {
      if (!made) throw new Error('The services are not made yet.');
      return made;
    },
    later: (ms, task) => timers.later(ms, task),
    fault: (point, subject) => faults.consume(point, subject),
    standing: (point, subject) => faults.standing(point, subject),
  };
  const cognito = options.cognito ? { ...options.cognito, dir: options.dir } : null;
  const registry = await createServices(standIn, {
    dir,
    state,
    iam,
    credentials,
    cognito,
    replicaUrl: options.replicaUrl ?? null,
  });
  made = registry.services;
  const deps: DispatchDeps = {
    region: awsNames.region,
    credentials,
    log,
    faults,
    calls,
    service: (name) => registry.rpc.get(name),
    http: (name) => registry.http.get(name),
    open: (target) => registry.open.get(target),
    fault: (point, subject, caller) => faults.consume(point, subject, caller?.tags.TenantId),
    now: () => new Date(Date.now() + skewMs(faults.standing('clock', '*'))),
  };
  return { deps, registry, standIn, timers };
}

/** By how much AWS's clock is ahead, from a fault's message in seconds. */
const skewMs = (seconds: string | null): number => (Number(seconds ?? 0) || 0) * 1000;

async function open(dir: string): Promise<DurableState> {
  // These come after the state is complete, so one of them alone means that the state was lost.
  const made = ['portal-credentials.json', 's3', 'dynamodb'].some((name) => existsSync(join(dir, name)));
  await mkdir(dir, { recursive: true, mode: 0o700 });
  return openState(join(dir, 'state'), made);
}

function notYet({ response }: Exchange): void {
  response.writeHead(503, { 'content-type': 'text/plain', connection: 'close', 'retry-after': '1' });
  response.end('Starting.');
}
