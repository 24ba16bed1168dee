import { Facts } from '@/components/data/facts';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { idleAppTypes } from '@/lib/domain/running/ports';
import type { IdleView } from '@/lib/domain/running/verbs/get-idle-shutdown';
import type { RunningView } from '@/lib/domain/running/verbs/view-running';
import { idleTypeWords } from '../idle-fields';
import { idleWords, typeWords } from '../words';
import { IdleForm } from './idle-form';

/** What is set about idle shutdown in AWS now, when it last stopped something, and the form that changes it. */
export function IdleSection({ idle }: { readonly idle: RunningView['idle'] }) {
  if (idle.state === 'read' && idle.value === null) return null;
  return (
    <section className="space-y-3" aria-labelledby="idle-shutdown">
      <div>
        <h2 id="idle-shutdown" className="text-lg">
          Idle shutdown
        </h2>
        <p className="mt-1 max-w-prose text-sm text-muted">
          SageMaker stops an app that nobody has used for that long. Files stay. A change holds for apps that
          start afterwards, and gives way to what a user profile or a space has set for itself.
        </p>
      </div>
      {idle.state === 'read' && idle.value ? <Known idle={idle.value} /> : null}
      {idle.state === 'unreadable' ? (
        <Notice tone="failed" title="Idle shutdown could not be read">
          {idle.reason}
        </Notice>
      ) : null}
    </section>
  );
}

function Known({ idle }: { readonly idle: IdleView }) {
  return (
    <>
      <Facts
        facts={[
          ...idleAppTypes.map((type) => ({
            name: `${idleTypeWords[type]}, in AWS now`,
            value: idleWords(idle.settings[type]),
          })),
          { name: 'Last stopped', value: <LastStopped last={idle.last} /> },
        ]}
      />
      <IdleForm settings={idle.settings} />
    </>
  );
}

function LastStopped({ last }: Pick<IdleView, 'last'>) {
  if (last.state !== 'read') return 'AWS does not tell at the moment';
  if (last.value === null)
    return 'None that AWS still tells of: it forgets an app after a day, or once it starts again';
  const { app, by } = last.value;
  return (
    <>
      {typeWords(app.type)} of <bdi>{app.owner.name}</bdi>
      {app.endedAt ? (
        <>
          , <Instant at={app.endedAt} />
        </>
      ) : null}
      <span className="block text-xs font-normal text-muted">
        {by === 'idle shutdown'
          ? 'By idle shutdown: nobody had used it for its time.'
          : 'AWS does not tell whether idle shutdown or somebody stopped it.'}
      </span>
    </>
  );
}
