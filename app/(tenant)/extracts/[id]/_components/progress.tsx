import { classNames } from '@/components/ui/class-names';
import { LocalTime } from '@/components/ui/local-time';
import type { ExtractReading } from '../../reading';
import type { Step } from './steps';

/** The steps of an extract, oldest first. */
export function Progress({ steps }: { readonly steps: ExtractReading['steps'] }) {
  return (
    <ol className="border border-line bg-plate px-5 py-4">
      {steps.map(({ title, at, what, phase }) => (
        <li key={title} className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-4 py-1.5 text-sm">
          <span aria-hidden="true" className={classNames('mt-1.5 size-2.5 rounded-full', marks[phase])} />
          <div className="flex flex-wrap justify-between gap-x-6">
            <div>
              <h3
                className={classNames(
                  phase === 'future' && 'font-medium text-muted',
                  phase === 'failed' && 'text-alarm',
                )}
              >
                {title}
              </h3>
              <p className="text-muted">{what}</p>
            </div>
            {at ? <LocalTime at={at} style="second" /> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}

const marks: Readonly<Record<Step['phase'], string>> = {
  past: 'bg-ink',
  present: 'pulse bg-mark',
  future: 'border border-edge',
  failed: 'bg-alarm',
};
