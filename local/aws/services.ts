import { join } from 'node:path';
import { createCognito } from '../cognito/service';
import { createCloudFormation } from './cloudformation/service';
import { createCloudWatch } from './cloudwatch/service';
import type { HttpService, RpcService, StandIn } from './core/service';
import type { DurableState } from './core/state';
import { createDynamoDb } from './dynamodb/service';
import { createGlue } from './glue/service';
import type { CredentialStore } from './iam/credentials';
import type { IamStore } from './iam/store';
import { createSts } from './iam/sts';
import { createS3 } from './s3/service';
import { createSageMakerRuntime } from './sagemaker/runtime/service';
import { createSageMaker } from './sagemaker/service';
import { createServiceCatalog } from './service-catalog/service';
import { createSqs } from './sqs/service';
import { createStudio } from './studio/service';

/** Where the Cognito stand-in listens and whom it signs in. */
export interface CognitoSettings {
  readonly port: number;
  /** Keeps the pool's secrets. */
  readonly dir: string;
  /** Origins of portals. */
  readonly portals: readonly string[];
  /** Password of the demo users; absent leaves them out. */
  readonly demoPassword?: string;
}

/** What the core gives to services of its own. */
export interface Core {
  /** Where this stand-in keeps its files. */
  readonly dir: string;
  readonly state: DurableState;
  readonly iam: IamStore;
  readonly credentials: CredentialStore;
  /** Null leaves sign-in out. */
  readonly cognito: CognitoSettings | null;
  /** The replica that extracts read; null where there is none. */
  readonly replicaUrl: string | null;
}

type Lifecycle = Pick<RpcService, 'start' | 'stop'>;

export interface Services {
  readonly rpc: ReadonlyMap<string, RpcService>;
  readonly http: ReadonlyMap<string, HttpService>;
  /** In the order in which they start. */
  readonly all: readonly Lifecycle[];
  /** For `StandIn.service`. Throws for a name that nobody has. */
  named(name: string): unknown;
}

/** Every service of the stand-in. A new one is a line in one of the two lists; they start in that order. */
export async function createServices(standIn: StandIn, core: Core): Promise<Services> {
  const cognito = core.cognito ? await createCognito(standIn, core.cognito) : null;
  const sageMaker = createSageMaker(standIn, join(core.dir, 'sagemaker'));
  const http: HttpService[] = [
    createS3(standIn, core),
    createStudio(standIn),
    createSageMakerRuntime(standIn, sageMaker),
  ];
  const rpc: RpcService[] = [
    createSts(core.iam, core.credentials),
    createSqs(standIn, core.state),
    createDynamoDb(standIn, core.dir),
    // Before the services that report to it: what they put while they stop is kept.
    createCloudWatch(standIn, core.state),
    sageMaker,
    createGlue(standIn, core),
    createCloudFormation(standIn),
    createServiceCatalog(standIn),
    ...(cognito ? [cognito.service] : []),
  ];

  const byName = new Map<string, unknown>([['iam', core.iam]]);
  for (const service of [...http, ...rpc]) byName.set(service.name, service);
  return {
    rpc: new Map(rpc.map((service) => [service.name, service])),
    http: new Map(http.map((service) => [service.name, service])),
    all: [...http, ...rpc, ...(cognito ? [cognito] : [])],
    named(name) {
      const service = byName.get(name);
      if (service === undefined) throw new Error(`The stand-in has no service ${name}.`);
      return service;
    },
  };
}
