import Link from 'next/link';
import { cache } from 'react';
import { Facts } from '@/components/data/facts';
import { formatUnits } from '@/components/format';
import { Result } from '@/components/live/result';
import { Copyable } from '@/components/ui/copy';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';
import type { ControlContext } from '@/lib/domain/context';
import { defaultPlan } from '@/lib/domain/plans/ports';
import { type PlanView, viewPlan } from '@/lib/domain/plans/verbs/view-plan';
import { metadataOf, orNotFound, pageContext } from '@/lib/server/page';
import { type AddressParams, firstOf } from '../../../../_components/address';
import { Deferred } from '../../../../_components/deferred';
import { tenantsPage } from '../../tenants/page-info';
import { CatalogueFailure } from '../_components/catalogue-failure';
import { offeredVariants } from '../_components/offered-variants';
import { ChangePlanForm, RetirePlanForm } from '../_components/plan-forms';
import { Versions } from '../_components/versions';
import { brakeWords, limitValue } from '../words';
import { planPage } from './page-info';

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<AddressParams>;
}

const viewOf = cache((id: string) => orNotFound(async () => viewPlan(await pageContext(planPage), { id })));

const titleOf = ({ plan }: PlanView): string => `${planPage.title}: ${plan.name}`;

export const generateMetadata = metadataOf(planPage, async ({ params }: Props) =>
  titleOf(await viewOf((await params).id)),
);

export default async function PlanPage({ params, searchParams }: Props) {
  const context = await pageContext(planPage);
  const view = await viewOf((await params).id);
  return (
    <>
      <PageHeader title={titleOf(view)} parent={planPage.parent} />
      <Saved view={view} saved={firstOf((await searchParams).saved)} />
      <InForce view={view} />
      <Deferred context={context} fallback={<PlanSkeleton />} load={() => loadPlan(context, view)} />
    </>
  );
}

/** What became of what was just done. */
function Saved({ view: { plan }, saved }: { readonly view: PlanView; readonly saved: string | undefined }) {
  const isVersion = saved === String(plan.newest.version);
  // The address may be older than what somebody else has done since.
  if (!isVersion && !(saved === 'retired' && plan.retiredAt)) return null;
  const title = isVersion ? `Version ${saved} is in force` : 'The plan is retired';
  return (
    <Result as="div" name="plan" mark={title} words={title}>
      <Notice tone="done" title={title}>
        {isVersion
          ? `It holds for ${plan.tenants === 0 ? 'every tenant that is given the plan' : formatUnits(plan.tenants, 'tenant')}. What a tenant has beyond a limit stays; only further ones are refused.`
          : 'No tenant can be given it any more.'}
      </Notice>
    </Result>
  );
}

function InForce({ view: { plan } }: { readonly view: PlanView }) {
  const { newest, tenants, retiredAt } = plan;
  const { monthlyBudgetUsd, budgetBrake } = newest.limits;
  return (
    <Facts
      facts={[
        { name: 'Id', value: <Copyable what="plan id">{plan.id}</Copyable> },
        retiredAt
          ? { name: 'Retired', value: <Instant at={retiredAt} style="date" /> }
          : { name: 'In force', value: `Version ${newest.version}` },
        { name: 'Since', value: <Instant at={newest.createdAt} /> },
        { name: 'By', value: newest.createdBy },
        {
          name: 'Tenants',
          value:
            tenants === 0 ? (
              'None'
            ) : (
              <Link
                href={`${tenantsPage.path}?plan=${encodeURIComponent(plan.id)}`}
                prefetch={false}
                className="link"
              >
                {formatUnits(tenants, 'tenant')}
              </Link>
            ),
        },
        {
          name: 'Monthly budget',
          value:
            monthlyBudgetUsd === null
              ? 'No limit'
              : `${limitValue('monthlyBudgetUsd', monthlyBudgetUsd)}, then: ${brakeWords[budgetBrake].name.toLowerCase()}`,
        },
      ]}
    />
  );
}

async function loadPlan(context: ControlContext, { plan, steps, more }: PlanView) {
  const { variants, failure } = await offeredVariants(context, {
    variants: [...new Set(steps.flatMap(({ version }) => version.limits.variants ?? []))],
  });
  const { limits, version } = plan.newest;
  const offered = variants.filter(({ id, isOffered }) => isOffered || limits.variants?.includes(id));
  return (
    <div className="space-y-6">
      {plan.retiredAt ? null : (
        <section aria-labelledby="limits" className="space-y-3">
          <h2 id="limits" className="text-lg">
            Limits
          </h2>
          <CatalogueFailure failure={failure} />
          <ChangePlanForm id={plan.id} base={version} limits={limits} variants={offered} />
        </section>
      )}
      <Versions
        steps={steps}
        more={more}
        names={Object.fromEntries(variants.map(({ id, name }) => [id, name]))}
      />
      {plan.retiredAt || plan.id === defaultPlan ? null : <Retire view={{ plan, steps, more }} />}
    </div>
  );
}

function Retire({ view: { plan } }: { readonly view: PlanView }) {
  return (
    <section aria-labelledby="retire" className="space-y-3">
      <h2 id="retire" className="text-lg">
        Retire
      </h2>
      <p className="max-w-3xl text-sm text-muted">
        {plan.tenants > 0
          ? `A plan that tenants have can’t be retired: ${formatUnits(plan.tenants, 'tenant')} would need another one first.`
          : 'No tenant has this plan. Once it is retired, none can be given it. Its versions are kept.'}
      </p>
      {plan.tenants > 0 ? null : <RetirePlanForm id={plan.id} />}
    </section>
  );
}

function PlanSkeleton() {
  return (
    <>
      <LoadingLabel>Loading the plan</LoadingLabel>
      <Skeleton className="h-96 w-full" />
    </>
  );
}
