import { appOperations } from './sagemaker-app-operations';
import { createApps, type StudioApps } from './sagemaker-apps';
import { createDomains, type Domains, domainOperations } from './sagemaker-domains';
import { createProfiles } from './sagemaker-profiles';
import { tagOperations } from './sagemaker-tags';
import type { RpcService, StandIn } from './service';

/** SageMaker's Studio: domains, user profiles, apps and presigned URLs, each account for itself. */
export function createSageMaker(standIn: StandIn): RpcService & Domains & StudioApps {
  const domains = createDomains(standIn);
  const profiles = createProfiles(standIn);
  const apps = createApps(standIn);
  return {
    name: 'sagemaker',
    protocol: 'json-1.1',
    operations: {
      ...domainOperations(standIn),
      ...profiles.operations,
      ...appOperations(standIn, apps),
      ...tagOperations(standIn),
    },
    ensureDomain: domains.ensureDomain,
    domainStatus: domains.domainStatus,
    openJupyterLab: apps.openJupyterLab,
    touchJupyterLab: apps.touchJupyterLab,
    async start() {
      await domains.start();
      await profiles.start();
      await apps.start();
    },
  };
}
