import { join } from 'node:path';
import { createPrograms } from '../core/programs';
import type { RpcService, StandIn } from '../core/service';
import type { StudioDomains } from '../core/services';
import { appOperations } from './domains/app-operations';
import { createApps, type StudioApps } from './domains/apps';
import { createDomains, domainOperations } from './domains/domains';
import { createPresignedDomainUrl } from './domains/presigned-url';
import { createProfiles } from './domains/profiles';
import { createSpaces } from './domains/spaces';
import { endpointConfigOperations } from './hosting/endpoint-configs';
import { endpointOperations } from './hosting/endpoint-operations';
import { Endpoints } from './hosting/endpoints';
import { createHosting, type Hosting } from './hosting/hosting';
import { modelPackageOperations } from './hosting/model-packages';
import { modelOperations } from './hosting/models';
import { tagOperations } from './tags';
import { TrainingJobs } from './training/jobs';
import { trainingOperations } from './training/operations';

/** SageMaker as the other stand-ins know it, with what Studio and SageMaker Runtime need besides. */
export interface SageMaker extends RpcService, StudioDomains, StudioApps {
  readonly endpoints: Endpoints;
  readonly hosting: Hosting;
}

/**
 * SageMaker: Studio's domains, user profiles, spaces, apps and presigned URLs, training jobs, models and endpoints, each account
 * for itself. Files of jobs and hosted models go to `dir`.
 */
export function createSageMaker(standIn: StandIn, dir: string): SageMaker {
  const domains = createDomains(standIn);
  const profiles = createProfiles(standIn);
  const spaces = createSpaces(standIn);
  const apps = createApps(standIn);
  const programs = createPrograms(join(dir, 'programs'));
  const hosting = createHosting(standIn, programs);
  const endpoints = new Endpoints(standIn, programs, hosting, dir);
  const trainingJobs = new TrainingJobs(standIn, programs, dir);
  return {
    name: 'sagemaker',
    protocol: 'json-1.1',
    operations: {
      ...domainOperations(standIn),
      ...profiles.operations,
      ...spaces.operations,
      CreatePresignedDomainUrl: createPresignedDomainUrl(standIn),
      ...appOperations(standIn, apps),
      ...modelOperations(standIn),
      ...modelPackageOperations(standIn),
      ...endpointConfigOperations(standIn),
      ...endpointOperations(standIn, endpoints),
      ...trainingOperations(standIn, trainingJobs),
      ...tagOperations(standIn),
    },
    endpoints,
    hosting,
    ensureDomain: domains.ensureDomain,
    domainStatus: domains.domainStatus,
    deleteDomains: domains.deleteDomains,
    domainInUse: async (accountId) => (await spaces.inUse(accountId)) ?? profiles.inUse(accountId),
    openApp: apps.openApp,
    touchApp: apps.touchApp,
    openJupyterLab: apps.openJupyterLab,
    touchJupyterLab: apps.touchJupyterLab,
    async start() {
      await domains.start();
      await profiles.start();
      await spaces.start();
      await apps.start();
      await trainingJobs.start();
      await endpoints.start();
    },
    async stop() {
      await trainingJobs.stop();
      await endpoints.stop();
    },
  };
}
