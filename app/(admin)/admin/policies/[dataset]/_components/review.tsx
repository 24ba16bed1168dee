import Link from 'next/link';
import { buttonStyle } from '@/components/ui/button';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import type { ControlContext } from '@/lib/domain/context';
import { type PolicyReview, reviewPolicy } from '@/lib/domain/policies/verbs/review-policy';
import type { PolicyView } from '@/lib/domain/policies/verbs/view-policy';
import { isAnnexError } from '@/lib/errors';
import { ChangeList } from '../../../_components/change-list';
import { fieldLabels, fields, fieldsOf, inputOf, type PolicyDraft, policyHref } from '../../fields';
import { SaveForm } from './save-form';
import { changesIn } from './words';

/** What a draft would change, and the button that saves it; or what is wrong with it. */
export async function Review({
  context,
  view: { dataset, tenant },
  draft,
}: {
  readonly context: ControlContext;
  readonly view: PolicyView;
  readonly draft: PolicyDraft;
}) {
  const scope = { dataset: dataset.name, tenant: tenant?.id ?? null };
  let review: PolicyReview;
  try {
    review = await reviewPolicy(context, { ...scope, ...inputOf(draft) });
  } catch (error) {
    if (!isAnnexError(error, 'invalid')) throw error;
    return <Faults given={error.fields} />;
  }
  const { inForce, effectiveAt } = review;
  const changes = changesIn(review.differences);
  return (
    <section aria-labelledby="review" className="space-y-3 border border-edge bg-plate px-5 py-4">
      <h2 id="review" className="text-lg">
        Review the change
      </h2>
      <p className="text-sm text-muted">
        {inForce
          ? `Compared with version ${inForce.version}, which is in force${tenant ? ` for ${tenant.name}` : ''}.`
          : 'Nothing leaves the CRM now.'}{' '}
        {effectiveAt ? (
          <>
            In force from <Instant at={effectiveAt} />, 00:00 UTC.
          </>
        ) : (
          'In force at once.'
        )}
      </p>
      {changes.length === 0 ? (
        <p>Extracts would stay as they are.</p>
      ) : (
        <div className="text-sm">
          <ChangeList changes={changes} />
        </div>
      )}
      {draft.note === '' ? null : (
        <p className="text-sm [overflow-wrap:anywhere]">
          <span className="text-muted">Note:</span> {draft.note}
        </p>
      )}
      <SaveForm
        fields={[[fields.dataset, scope.dataset], [fields.tenant, scope.tenant ?? ''], ...fieldsOf(draft)]}
      >
        <Link
          href={`${policyHref(scope, [...fieldsOf(draft), [fields.step, 'edit']])}#edit`}
          prefetch={false}
          className={buttonStyle('plain')}
        >
          Change again
        </Link>
        <Link href={policyHref(scope)} prefetch={false} className={buttonStyle('quiet')}>
          Discard
        </Link>
      </SaveForm>
    </section>
  );
}

function Faults({ given }: { readonly given: Readonly<Record<string, string>> }) {
  return (
    <div id="review">
      <Notice tone="failed" title="This change can’t be saved">
        {Object.entries(given).map(([path, reason]) => (
          <p key={path}>
            <strong>{fieldLabels[path] ?? path.replace(/^columns\./, '')}</strong> {reason}.
          </p>
        ))}
      </Notice>
    </div>
  );
}
