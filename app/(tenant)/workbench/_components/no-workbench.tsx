import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Notice } from '@/components/ui/notice';
import type { TenantContext } from '@/lib/domain/context';
import { listVariants } from '@/lib/domain/workbench/verbs/list-variants';
import { type AnnexError, isAnnexError } from '@/lib/errors';
import { RequestForm } from './request-form';
import { VariantCards } from './variant-cards';

/** Explains the workbench and shows the form to request it. */
export async function NoWorkbench({ context }: { readonly context: TenantContext }) {
  const variants = await variantsOrFailure(context);
  return (
    <div className="space-y-8">
      <section className="max-w-3xl">
        <h2 className="text-lg">No workbench yet</h2>
        <p className="mt-1 text-muted">
          One request creates the following for your organisation, in this order:
        </p>
        <ol className="mt-3 list-decimal space-y-1 pl-5 marker:font-semibold marker:text-muted">
          <li>an AWS account of its own, separate from every other tenant’s</li>
          <li>a bucket for your data and the role that Annex uses, both in that account</li>
          <li>a SageMaker Studio domain, where each data scientist gets a profile at their first launch</li>
        </ol>
        <p className="mt-3 text-sm text-muted">
          Setup can take up to 30 minutes. This page shows each step, and you can close it in the meantime.
          Everyone at <bdi>{context.tenant.name}</bdi> shares one workbench.
        </p>
      </section>
      {'code' in variants ? (
        <Notice
          tone="failed"
          title="The variants could not be loaded"
          actions={
            <a href="/workbench" className={buttonStyle('plain')}>
              Try again
            </a>
          }
        >
          <p>{variants.message} Nothing was requested.</p>
        </Notice>
      ) : variants.length === 0 ? (
        <EmptyState title="No variants available">
          <p>
            The catalogue contains no variant that your plan includes. Ask your administrator to share a
            workbench variant with Annex, or for another plan.
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
      context.log.warn({ err: error }, 'workbench catalogue could not be read');
      return error;
    }
    throw error;
  }
}
