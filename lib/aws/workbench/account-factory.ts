import {
  DescribeProvisionedProductCommand,
  DescribeRecordCommand,
  type ProvisionedProductDetail,
  ProvisionProductCommand,
  ServiceCatalogClient,
  TerminateProvisionedProductCommand,
} from '@aws-sdk/client-service-catalog';
import type { WorkbenchProvisioner } from '@/lib/domain/workbench/ports';
import { env } from '@/lib/env';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { portalClient } from '../core/clients';
import { externalId } from '../core/credentials';
import { aws } from '../core/errors';
import { catalogEntries } from './workbench-catalog';

const client = () => portalClient(ServiceCatalogClient);
const productName = (tenantId: string): string => `annex-${tenantId}-workbench`;

async function provisionedProduct(Name: string): Promise<ProvisionedProductDetail | null> {
  try {
    const answer = await aws('finding the account', () =>
      client().send(new DescribeProvisionedProductCommand({ Name })),
    );
    return answer.ProvisionedProductDetail ?? null;
  } catch (error) {
    if (isAnnexError(error, 'not_found')) return null;
    throw error;
  }
}

async function terminate(product: ProvisionedProductDetail, token: string): Promise<void> {
  await aws('removing the account from Service Catalog', () =>
    client().send(
      new TerminateProvisionedProductCommand({
        ProvisionedProductName: product.Name,
        TerminateToken: token,
      }),
    ),
  );
}

/**
 * Removes the tenant's account from Service Catalog, which takes it out of its organizational unit. The account itself stays. Returns
 * whether that is done.
 */
export async function discardAccount(tenantId: string): Promise<boolean> {
  const present = await provisionedProduct(productName(tenantId));
  if (!present) return true;
  if (present.Status !== 'UNDER_CHANGE' && present.Status !== 'PLAN_IN_PROGRESS')
    await terminate(present, `close-${present.LastRecordId}`);
  return false;
}

/**
 * Vends the tenant's account through Service Catalog. A tenant's provisioned product always has the same name, and
 * names are unique. So a tenant never gets a second account, whatever the tokens.
 */
export function accountFactory(
  tenantId: string,
): Pick<WorkbenchProvisioner, 'provisionAccount' | 'account' | 'discardFailedAccount'> {
  const name = productName(tenantId);
  const product = () => provisionedProduct(name);

  async function record(id: string | undefined) {
    return aws('finding the account', () => client().send(new DescribeRecordCommand({ Id: id })));
  }

  return {
    async provisionAccount({ token, variant, parameters }) {
      const present = await product();
      if (present?.IdempotencyToken === token) return;
      if (present)
        throw new AnnexError(
          'conflict',
          'An earlier attempt to create the account is still being cleaned up.',
        );
      const entry = (await catalogEntries()).find((each) => each.variant.id === variant.id);
      if (!entry) throw new AnnexError('invalid', `${variant.name} is no longer available.`);
      const values = { ...parameters, ...accountParameters(tenantId) };
      await aws('requesting the account', () =>
        client().send(
          new ProvisionProductCommand({
            ProductId: variant.id,
            ProvisioningArtifactId: variant.artifactId,
            ProvisionedProductName: name,
            ProvisionToken: token,
            // Service Catalog rejects parameters that the template does not have.
            ProvisioningParameters: Object.entries(values)
              .filter(([key]) => entry.keys.has(key))
              .map(([Key, Value]) => ({ Key, Value })),
            Tags: [{ Key: 'TenantId', Value: tenantId }],
          }),
        ),
      );
    },
    async account(token) {
      const present = await product();
      if (!present) return { state: 'absent' };
      switch (present.Status) {
        case 'AVAILABLE': {
          const id = present.LastSuccessfulProvisioningRecordId ?? present.LastProvisioningRecordId;
          const { RecordOutputs = [] } = await record(id);
          const accountId = RecordOutputs.find(({ OutputKey }) => OutputKey === 'AccountId')?.OutputValue;
          if (accountId) return { state: 'done', accountId };
          return { state: 'failed', reason: 'AWS created an account but did not return its id.' };
        }
        case 'ERROR':
        case 'TAINTED': {
          if (present.IdempotencyToken !== token) return { state: 'absent' };
          const { RecordDetail } = await record(present.LastProvisioningRecordId);
          const said = RecordDetail?.RecordErrors?.find(({ Description }) => Description)?.Description;
          return {
            state: 'failed',
            reason: said ?? present.StatusMessage ?? 'AWS could not create the account.',
          };
        }
        default:
          return { state: 'running' };
      }
    },
    async discardFailedAccount() {
      const present = await product();
      if (present?.Status !== 'ERROR' && present?.Status !== 'TAINTED') return;
      await terminate(present, `discard-${present.LastRecordId}`);
    },
  };
}

/** The parameters that Annex fills in. Control Tower's own Account Factory also needs a user for its access portal. */
function accountParameters(tenantId: string): Record<string, string> {
  const { ANNEX_ACCOUNT_EMAIL, ANNEX_ML_OU } = env();
  const email = ANNEX_ACCOUNT_EMAIL.replaceAll('{tenant}', tenantId);
  return {
    AccountName: `annex-${tenantId}`,
    AccountEmail: email,
    ManagedOrganizationalUnit: ANNEX_ML_OU,
    TenantId: tenantId,
    ExternalId: externalId(tenantId),
    SSOUserEmail: email,
    SSOUserFirstName: 'Annex',
    SSOUserLastName: tenantId,
  };
}
