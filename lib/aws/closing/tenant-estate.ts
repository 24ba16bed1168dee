import type { TenantEstate } from '@/lib/domain/closing/ports';
import { closeTenantAccount, deleteStackInstance } from './account';
import { countObjects, emptyBucket } from './bucket';
import { countRequests, deleteRequests } from './requests';
import { countStudio, deleteEndpoints, emptyStudio } from './sagemaker';

/**
 * What the tenant has in AWS, for closing. Deletes in the tenant's account with the tenant's role there, and in the pooled stores with its
 * role for its partition. The stack instance and the account itself go with the portal's role.
 */
export function tenantEstate(tenantId: string): TenantEstate {
  return {
    count: async (accountId) => ({
      ...(await countStudio({ tenantId, accountId })),
      ...(await countObjects({ tenantId, accountId })),
    }),
    deleteEndpoints: (accountId) => deleteEndpoints({ tenantId, accountId }),
    emptyStudio: (accountId) => emptyStudio({ tenantId, accountId }),
    emptyBucket: (accountId) => emptyBucket({ tenantId, accountId }),
    deleteBaseline: deleteStackInstance,
    closeAccount: (accountId) => closeTenantAccount(tenantId, accountId),
    countRequests: () => countRequests(tenantId),
    deleteRequests: () => deleteRequests(tenantId),
  };
}
