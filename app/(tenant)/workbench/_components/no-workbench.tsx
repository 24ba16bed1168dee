import { buttonLook } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Notice } from '@/components/ui/notice';
import type { TenantContext } from '@/lib/domain/context';
import { listVariants } from '@/lib/domain/workbench/verbs/list-variants';
import { type AnnexError, isAnnexError } from '@/lib/errors';
import { RequestForm } from './request-form';
import { VariantCards } from './variant-cards';

/** What a workbench is, and the form that asks for one. */
export async function NoWorkbench({ context }: { readonly context: TenantContext }) {
  const variants = await variantsOrFailure(context);
  return (
    <div className="space-y-8">
      <section className="max-w-3xl">
        <h2 className="text-lg">There is no workbench yet</h2>
        <p className="mt-1 text-muted">One request makes, in this order and in your organisation’s name:</p>
        <ol className="mt-3 list-decimal space-y-1 pl-5 marker:font-semibold marker:text-accent">
          <li>an AWS account of its own, apart from every other tenant’s,</li>
          <li>in it a bucket for your data and the role that Annex acts in, and</li>
          <li>
            a SageMaker Studio domain, where each of your data scientists gets a profile at the first launch.
          </li>
        </ol>
        <p className="mt-3 text-sm text-muted">
          It may take up to half an hour. The page shows each step and may be closed meanwhile. There is one
          workbench for all of {context.tenant.name}.
        </p>
      </section>
      {'code' in variants ? (
        <Notice
          tone="alarm"
          title="The catalogue of variants cannot be reached"
          actions={
            <a href="/workbench" className={buttonLook('plain')}>
              Try again
            </a>
          }
        >
          <p>{variants.message} Nothing was requested.</p>
        </Notice>
      ) : variants.length === 0 ? (
        <EmptyState title="No variant is offered to you">
          <p>
            The catalogue answers, but holds none. Ask your administrator to share a workbench variant with
            Annex.
          </p>
        </EmptyState>
      ) : (
        <RequestForm>
          <VariantCards variants={variants} />
        </RequestForm>
      )}
    </div>
  );
}

async function variantsOrFailure(
  context: TenantContext,
): Promise<Awaited<ReturnType<typeof listVariants>> | AnnexError> {
  try {
    return await listVariants(context, undefined);
  } catch (error) {
    if (isAnnexError(error, 'dependency_failed', 'dependency_denied', 'throttled')) {
      context.log.warn({ err: error }, 'the catalogue of variants cannot be read');
      return error;
    }
    throw error;
  }
}
