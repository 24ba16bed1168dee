import Link from 'next/link';
import { cache } from 'react';
import { Facts } from '@/components/data/facts';
import { Pager } from '@/components/data/pager';
import { whereIn } from '@/components/data/place';
import { Result } from '@/components/live/result';
import { Copyable } from '@/components/ui/copy';
import { EmptyState } from '@/components/ui/empty-state';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import { Status } from '@/components/ui/status';
import { getClosing } from '@/lib/domain/closing/verbs/get-closing';
import type { ControlContext } from '@/lib/domain/context';
import { getTenantCost } from '@/lib/domain/costs/verbs/get-tenant-cost';
import type { Health } from '@/lib/domain/doctor/ports';
import { listHealth } from '@/lib/domain/doctor/verbs/list-health';
import { getOnboarding } from '@/lib/domain/onboarding/verbs/get-onboarding';
import type { PeoplePage } from '@/lib/domain/people/ports';
import { listPeopleOfTenant } from '@/lib/domain/people/verbs/list-people-of-tenant';
import { listPlanChoices } from '@/lib/domain/plans/verbs/list-plan-choices';
import { getQuotasOfTenant } from '@/lib/domain/quotas/verbs/get-quotas-of-tenant';
import type { ModelStanding } from '@/lib/domain/scoring/ports';
import { getModelStanding } from '@/lib/domain/scoring/verbs/get-model-standing';
import type { SignUp } from '@/lib/domain/signup/ports';
import { getTenantRequest } from '@/lib/domain/signup/verbs/get-tenant-request';
import type { Tenant } from '@/lib/domain/tenants/tenant';
import { getSuspension } from '@/lib/domain/tenants/verbs/get-suspension';
import { getTenant } from '@/lib/domain/tenants/verbs/get-tenant';
import type { WorkbenchStanding } from '@/lib/domain/workbench/ports';
import { currentStep } from '@/lib/domain/workbench/steps';
import { getStanding } from '@/lib/domain/workbench/verbs/get-standing';
import { metadataOf, orNotFound, pageContext } from '@/lib/server/page';
import { type AddressParams, firstOf, withParams } from '../../../../_components/address';
import { Deferred } from '../../../../_components/deferred';
import { linkWords } from '../../../../_components/doctor/words';
import { PeopleTable } from '../../../../_components/people-table';
import { QuotasPart } from '../../../../_components/quotas-part';
import { planHref } from '../../plans/words';
import { doctorHref, doneWords, tenantHref, tenantStateWords } from '../words';
import { CloseForm } from './_components/closing-forms';
import { ClosingPart } from './_components/closing-part';
import { CostPart } from './_components/cost-part';
import { OnboardingPart } from './_components/onboarding-part';
import { PersonOfRequest, RequestPart } from './_components/request-part';
import { SuspensionPart } from './_components/suspension-part';
import { AssignPlanForm, ResumeForm, SuspendForm } from './_components/tenant-forms';
import { tenantPage } from './page-info';

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<AddressParams>;
}

const tenantOf = cache((id: string) =>
  orNotFound(async () => getTenant(await pageContext(tenantPage), { tenantId: id })),
);

export const generateMetadata = metadataOf(
  tenantPage,
  async ({ params }: Props) => (await tenantOf((await params).id)).name,
);

export default async function TenantPage({ params, searchParams }: Props) {
  const [{ id }, { done, people }] = await Promise.all([params, searchParams]);
  const context = await pageContext(tenantPage);
  const tenant = await tenantOf(id);
  const { tone, words } = tenantStateWords[tenant.state];
  const ended = Object.entries(doneWords).find(([name]) => name === firstOf(done))?.[1];
  return (
    <>
      <PageHeader title={tenant.name} parent={tenantPage.parent}>
        <Status tone={tone}>{words}</Status>
      </PageHeader>
      {ended === undefined ? null : (
        <Result name="tenant" mark={ended} words={ended} as="div">
          <Notice tone="done" title={ended} />
        </Result>
      )}
      <Deferred
        context={context}
        fallback={<TenantSkeleton />}
        load={() => loadTenant(context, tenant, firstOf(people))}
      />
    </>
  );
}

async function loadTenant(context: ControlContext, tenant: Tenant, cursor: string | undefined) {
  const tenantId = tenant.id;
  const [
    request,
    onboarding,
    { closing, graceDays },
    standing,
    people,
    costs,
    suspension,
    plans,
    quotas,
    [health = null],
    model,
  ] = await Promise.all([
    getTenantRequest(context, { tenantId }),
    getOnboarding(context, { tenantId }),
    getClosing(context, { tenantId }),
    getStanding(context, { tenantId }),
    listPeopleOfTenant(context, { tenantId, cursor }),
    getTenantCost(context, { tenantId }),
    tenant.state === 'suspended' ? getSuspension(context, { tenantId }) : null,
    listPlanChoices(context, undefined),
    // A closed tenant has nothing that a plan would limit.
    tenant.state === 'closed' ? null : getQuotasOfTenant(context, { tenantId }),
    listHealth(context, { tenantIds: [tenantId] }),
    getModelStanding(context, { tenantId }),
  ]);
  const now = context.now();
  return (
    <div className="space-y-6">
      {request && tenant.state === 'requested' ? <RequestPart request={request} plans={plans} /> : null}
      {suspension ? <SuspensionPart suspension={suspension} /> : null}
      <TenantFacts tenant={tenant} standing={standing} request={request} health={health} model={model} />
      {closing && closing.state !== 'cancelled' ? <ClosingPart closing={closing} now={now} /> : null}
      {onboarding ? (
        <OnboardingPart onboarding={onboarding} hasAccount={tenant.accountId !== null} now={now} />
      ) : null}
      {quotas ? (
        <QuotasPart
          quotas={quotas}
          nameOfPlan={
            <Link href={planHref(quotas.plan.id)} prefetch={false} className="link">
              {quotas.plan.name}
            </Link>
          }
        >
          {canChangePlan(tenant) ? (
            <AssignPlanForm tenantId={tenantId} plans={plans} current={quotas.plan.id} />
          ) : null}
        </QuotasPart>
      ) : null}
      {tenant.accountId === null ? null : <CostPart costs={costs} now={now} />}
      {tenant.state === 'closed' ? null : (
        <section className="space-y-3">
          <h2 className="text-lg">People</h2>
          <People page={people} tenantId={tenantId} now={now} />
        </section>
      )}
      {tenant.state === 'active' ? <SuspendForm tenantId={tenantId} /> : null}
      {tenant.state === 'suspended' ? <ResumeForm tenantId={tenantId} /> : null}
      {tenant.state === 'active' || tenant.state === 'suspended' ? (
        <CloseForm tenantId={tenantId} graceDays={graceDays} />
      ) : null}
    </div>
  );
}

/** The plan of one that waits is chosen with the approval, and one that is over uses nothing. */
const canChangePlan = ({ state }: Tenant): boolean => !['requested', 'declined', 'closed'].includes(state);

function TenantFacts({
  tenant,
  standing,
  request,
  health,
  model,
}: {
  readonly tenant: Tenant;
  readonly health: Health | null;
  readonly model: ModelStanding | null;
  readonly standing: WorkbenchStanding | null;
  readonly request: SignUp | null;
}) {
  const facts = [
    { name: 'Id', value: <Copyable what="tenant id">{tenant.id}</Copyable> },
    {
      name: 'AWS account',
      value: tenant.accountId ? (
        <Copyable what="account id">{tenant.accountId}</Copyable>
      ) : tenant.state === 'closed' ? (
        'None'
      ) : (
        'None yet'
      ),
    },
    { name: 'Workbench', value: <Workbench standing={standing} /> },
    ...(tenant.state === 'closed'
      ? []
      : [{ name: 'Doctor', value: <Doctor tenantId={tenant.id} health={health} /> }]),
    { name: 'Model', value: <Model model={model} /> },
    { name: 'Audit', value: <AuditLink tenantId={tenant.id} /> },
    { name: 'Since', value: <Instant at={tenant.createdAt} style="date" /> },
    ...(request ? [{ name: 'Signed up by', value: <PersonOfRequest request={request} /> }] : []),
  ];
  return <Facts facts={facts} />;
}

function Workbench({ standing }: { readonly standing: WorkbenchStanding | null }) {
  if (!standing) return 'Not requested';
  if (standing.state === 'ready') return <Status tone="done">Ready</Status>;
  if (standing.state === 'provisioning') return <Status tone="running">Being set up</Status>;
  return (
    <>
      <Status tone="failed">Failed</Status>
      <span className="block text-sm font-normal">{currentStep(standing)?.reason}</span>
    </>
  );
}

/** Which model gives the scores. Its name and its words are the tenant’s. */
function Model({ model }: { readonly model: ModelStanding | null }) {
  if (!model?.version) return 'Built-in';
  const shown = {
    model: <Status tone="done">Version {model.version}, in use</Status>,
    default: <Status tone="running">Version {model.version}, not scored yet</Status>,
    fallback: <Status tone="failed">Version {model.version} fails; built-in scores are shown</Status>,
  }[model.mode];
  return (
    <>
      {shown}
      <span className="block text-xs font-normal text-muted">
        Since <Instant at={model.since ?? model.activatedAt} />
      </span>
    </>
  );
}

const AuditLink = ({ tenantId }: { readonly tenantId: string }) => (
  <a href={`/admin/audit?tenant=${encodeURIComponent(tenantId)}`} className="link">
    What was done in this tenant
  </a>
);

function Doctor({ tenantId, health }: { readonly tenantId: string; readonly health: Health | null }) {
  return (
    <>
      {health === null ? 'Never run' : <HealthStatus health={health} />}
      <a href={doctorHref(tenantId)} className="link block text-sm font-normal">
        Open the doctor
      </a>
    </>
  );
}

function HealthStatus({ health: { failing, at } }: { readonly health: Health }) {
  return (
    <>
      <Status tone={failing === null ? 'done' : 'failed'}>
        {failing === null ? 'Nothing fails' : `Failed: ${linkWords[failing].title}`}
      </Status>
      <span className="block text-xs font-normal text-muted">
        As of <Instant at={at} />
      </span>
    </>
  );
}

function People({
  page,
  tenantId,
  now,
}: {
  readonly page: PeoplePage;
  readonly tenantId: string;
  readonly now: Date;
}) {
  if (page.people.length === 0) {
    return (
      <EmptyState title="Nobody yet">
        <p>People appear here once they are invited, or have signed in.</p>
      </EmptyState>
    );
  }
  const link = (cursor: string | null, label: string) =>
    cursor === null
      ? null
      : { href: withParams(tenantHref(tenantId), new URLSearchParams({ people: cursor })), label };
  return (
    <div className="space-y-3">
      <PeopleTable people={page.people} now={now} />
      <Pager
        label="Pages of people"
        previous={link(page.previous, 'Previous')}
        next={link(page.next, 'Next')}
      >
        {whereIn(page, page.people.length, 'user')}
      </Pager>
    </div>
  );
}

function TenantSkeleton() {
  return (
    <>
      <LoadingLabel>Loading the tenant</LoadingLabel>
      <Skeleton className="h-72 w-full" />
    </>
  );
}
