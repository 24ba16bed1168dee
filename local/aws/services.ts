import { join } from 'node:path';
import { createCognito } from '../cognito/service';
import { createApiGateway } from './api-gateway/service';
import { createCloudFormation } from './cloudformation/service';
import { createCloudWatch } from './cloudwatch/service';
import type { HttpService, RpcService, StandIn } from './core/service';
import type { Services } from './core/services';
import type { DurableState } from './core/state';
import { createMeter } from './cost-explorer/meter';
import { createCostExplorer } from './cost-explorer/service';
import { createDynamoDb } from './dynamodb/service';
import { createGlue } from './glue/service';
import type { CredentialStore } from './iam/credentials';
import { createIam } from './iam/service';
import type { IamStore } from './iam/store';
import { createSts } from './iam/sts';
import { createLambda } from './lambda/service';
import { createLogs } from './logs/service';
import { createMarketplace } from './marketplace/service';
import { createOrganizations } from './organizations/service';
import { createS3 } from './s3/service';
import { createSageMakerRuntime } from './sagemaker/runtime/service';
import { createSageMaker, type SageMaker } from './sagemaker/service';
import { createServiceCatalog } from './service-catalog/service';
import { createServiceQuotas } from './service-quotas/service';
import { createOutbox } from './ses/outbox';
import { createSes } from './ses/service';
import { createSqs } from './sqs/service';
import { createStudio } from './studio/service';
import type { OpenCall } from './wire/http/rpc';

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

/** The services of a stand-in by their parts, with the whole of SageMaker for tests that host models themselves. */
export interface AllServices extends Services {
  readonly sageMaker: SageMaker;
}

/** Every service of a stand-in, for who dispatches requests, and starts and stops them. */
export interface ServiceRegistry {
  /** By the name in a SigV4 credential scope. */
  readonly rpc: ReadonlyMap<string, RpcService>;
  readonly http: ReadonlyMap<string, HttpService>;
  /** What nobody signs, by `X-Amz-Target`. */
  readonly open: ReadonlyMap<string, OpenCall>;
  /** In the order in which they start. */
  readonly all: readonly Lifecycle[];
  /** For `StandIn.services`. */
  readonly services: AllServices;
}

/** Makes every service. A new one is a line in one of the two lists; they start in that order. */
export async function createServices(standIn: StandIn, core: Core): Promise<ServiceRegistry> {
  const cognito = core.cognito ? await createCognito(standIn, core.cognito) : null;
  const s3 = createS3(standIn, core);
  const sts = createSts(core.iam, core.credentials);
  const sqs = createSqs(standIn, core.state);
  const cloudWatch = createCloudWatch(standIn, core.state);
  const sageMaker = createSageMaker(standIn, join(core.dir, 'sagemaker'));
  const cloudFormation = createCloudFormation(standIn);
  const marketplace = createMarketplace(standIn, core.cognito?.portals[0] ?? 'http://localhost:3000');
  const lambda = createLambda(standIn, join(core.dir, 'lambda'));
  const apiGateway = createApiGateway(standIn);
  const logs = createLogs(standIn);
  const http: HttpService[] = [
    s3,
    lambda,
    apiGateway,
    createStudio(standIn, sageMaker),
    createSageMakerRuntime(standIn, sageMaker),
    createSes(standIn),
    marketplace.http,
  ];
  const rpc: RpcService[] = [
    sts,
    createIam(standIn, core.iam),
    createServiceQuotas(standIn),
    sqs,
    createDynamoDb(standIn, core.dir),
    // Before the services that report to it: what they put while they stop is kept.
    cloudWatch,
    sageMaker,
    createGlue(standIn, core),
    cloudFormation,
    createServiceCatalog(standIn),
    createOrganizations(standIn),
    createCostExplorer(standIn),
    marketplace,
    logs,
    ...(cognito ? [cognito.service] : []),
  ];
  return {
    rpc: new Map(rpc.map((service) => [service.name, service])),
    http: new Map(http.map((service) => [service.name, service])),
    open: new Map(
      rpc.flatMap((service) =>
        Object.entries(service.open ?? {}).map(([target, run]) => [target, { service, run }] as const),
      ),
    ),
    all: [...http, ...rpc, ...(cognito ? [cognito] : [])],
    services: {
      iam: core.iam,
      sts,
      s3,
      sqs,
      cloudWatch,
      cloudFormation,
      sageMaker,
      outbox: createOutbox(core.state),
      usage: createMeter(standIn),
      marketplace,
      logs,
      lambda,
      apiGateway,
    },
  };
}
