import { type AccountFactory, createAccountFactory } from '../control-tower/accounts';
import { deliverManagedAccountEvent } from '../control-tower/events';
import { createDurableTimers } from '../core/durable-timers';
import type { StandIn } from '../core/service';
import type { CatalogRecord, CatalogStore, ProvisionedProduct } from './store';

interface VendingTimers {
  begin: { readonly recordId: string };
  vend: { readonly recordId: string };
  announce: { readonly recordId: string; readonly mode: AnnounceMode };
  remove: { readonly recordId: string };
}

type AnnounceMode = 'once' | 'twice' | 'late';

/** The work after Service Catalog's response. Each step survives a restart. */
export interface Vending {
  /** Starts the work of a stored record: vends its account, or removes its product. */
  begin(record: CatalogRecord): Promise<void>;
  start(): Promise<void>;
}

/** Vends accounts for the records of `store`, sends their events, and passes them to the stack set. */
export function createVending(standIn: StandIn, store: CatalogStore): Vending {
  const factory = createAccountFactory(standIn);
  const timers = createDurableTimers<VendingTimers>(standIn, 'servicecatalog.stages', {
    begin: async ({ recordId }) => {
      const record = await store.record(recordId);
      if (record?.status === 'CREATED') await store.putRecord({ ...record, status: 'IN_PROGRESS' });
      await timers.schedule('vend', recordId, standIn.stepMs, { recordId });
      return undefined;
    },
    vend: async ({ recordId }) => {
      const record = await store.record(recordId);
      if (!record) return undefined;
      await vend(standIn, store, factory, record);
      const mode = announceMode(standIn, record);
      if (mode) await timers.schedule('announce', recordId, 0, { recordId, mode });
      return undefined;
    },
    announce: async ({ recordId, mode }) => {
      const record = await store.record(recordId);
      if (!record) return undefined;
      if (mode === 'late' && !(await isDomainUp(standIn, record.accountId)))
        return Math.max(20, standIn.stepMs);
      await announce(standIn, record, mode === 'twice' ? 2 : 1);
      return undefined;
    },
    remove: async ({ recordId }) => {
      const record = await store.record(recordId);
      if (record) await remove(store, factory, record);
      return undefined;
    },
  });

  async function begin({ recordId, type }: CatalogRecord): Promise<void> {
    const kind = type === 'PROVISION_PRODUCT' ? 'begin' : 'remove';
    await timers.schedule(kind, recordId, standIn.stepMs / 2, { recordId });
  }

  return {
    begin,
    async start() {
      await timers.start();
      // Records that were stored just before a stop have no timer yet.
      for (const record of await store.untouched()) await begin(record);
    },
  };
}

async function vend(
  standIn: StandIn,
  store: CatalogStore,
  factory: AccountFactory,
  record: CatalogRecord,
): Promise<void> {
  // If a restart repeats this step, a failed record stays failed: its fault was used up the first time.
  const vending = record.status === 'FAILED' ? null : await factory.vend(record.recordId, record.parameters);
  if (vending && 'account' in vending) {
    const { accountId, tenantId } = vending.account;
    await recordOutcome(store, { ...record, status: 'SUCCEEDED', accountId }, 'AVAILABLE');
    standIn.log.info({ tenantId, accountId }, 'An account has been vended.');
    await standIn.services.cloudFormation.deployToNewAccount(vending.account);
    return;
  }
  standIn.log.warn(
    { recordId: record.recordId, failure: vending?.failure },
    'An account could not be vended.',
  );
  const description = vending?.failure ?? record.error?.description ?? '';
  await recordOutcome(
    store,
    { ...record, status: 'FAILED', error: { code: 'AccountFactoryError', description } },
    'ERROR',
  );
}

async function recordOutcome(
  store: CatalogStore,
  record: CatalogRecord,
  status: ProvisionedProduct['status'],
): Promise<void> {
  await store.putRecord(record);
  const product = await store.byName(record.ownerAccountId, record.provisionedProductName);
  if (product?.lastRecordId !== record.recordId) return;
  await store.putProduct({ ...product, status, statusMessage: record.error?.description ?? null });
}

async function remove(store: CatalogStore, factory: AccountFactory, record: CatalogRecord): Promise<void> {
  const product = await store.byName(record.ownerAccountId, record.provisionedProductName);
  if (product?.id === record.provisionedProductId) {
    const provisioned = await store.record(product.provisioningRecordId);
    if (provisioned?.accountId) await factory.unmanage(provisioned.accountId);
    await store.deleteProduct(product);
  }
  await store.putRecord({ ...record, status: 'SUCCEEDED' });
}

/** How to deliver the event; `null` when a fault drops it. */
function announceMode(standIn: StandIn, { recordId, parameters }: CatalogRecord): AnnounceMode | null {
  const tenantId = parameters.TenantId ?? '';
  if (standIn.fault('account.event.lost', tenantId) !== null) {
    standIn.log.warn({ recordId, tenantId }, 'An account event is dropped, because a fault asks for it.');
    return null;
  }
  if (standIn.fault('account.event.late', tenantId) !== null) return 'late';
  return standIn.fault('account.event.duplicate', tenantId) === null ? 'once' : 'twice';
}

async function isDomainUp(standIn: StandIn, accountId: string | null): Promise<boolean> {
  if (accountId === null) return true;
  return (await standIn.services.sageMaker.domainStatus(accountId)) === 'InService';
}

async function announce(standIn: StandIn, record: CatalogRecord, times: number): Promise<void> {
  for (let sent = 0; sent < times; sent += 1) {
    await deliverManagedAccountEvent(standIn, {
      recordId: record.recordId,
      accountName: record.parameters.AccountName ?? '',
      accountId: record.accountId,
      failure: record.error?.description ?? null,
      requestedAt: record.createdAt,
      completedAt: record.updatedAt,
    });
  }
}
