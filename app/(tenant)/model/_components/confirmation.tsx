import { NextStep } from '@/components/ui/next-step';
import { Notice } from '@/components/ui/notice';
import type { ModelInUse } from '@/lib/domain/models/verbs/get-model';
import type { ModelView } from '../view';
import { inWords } from '../words';
import { ReturnButton, VersionsForm } from './versions-form';

/** Right after an activation: what is in use now and what was before, with the way back. */
export function Confirmation({
  model: { active, previous },
  activated,
}: {
  readonly model: ModelInUse;
  readonly activated: ModelView['activated'];
}) {
  if (activated === undefined || activated !== (active?.version ?? 'default')) return null;
  const now = inWords(active);
  return (
    <div className="space-y-3">
      <Notice
        tone="done"
        title={`${now.charAt(0).toUpperCase()}${now.slice(1)} is in use now`}
        actions={
          previous && previous.version !== active?.version ? (
            <VersionsForm>
              <ReturnButton version={previous.version} label="Undo" />
            </VersionsForm>
          ) : null
        }
      >
        <p>Before: {inWords(previous)}.</p>
      </Notice>
      {active ? (
        <NextStep
          links={[
            { href: '/customers', label: 'See scores of customers' },
            { href: '/monitoring', label: 'Open monitoring' },
          ]}
        >
          Annex scores every customer with it. Then see the scores, and watch how the endpoint responds.
        </NextStep>
      ) : null}
    </div>
  );
}
