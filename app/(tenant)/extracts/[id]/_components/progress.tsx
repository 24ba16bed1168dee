import { classNames } from '@/components/ui/class-names';
import { LocalTime } from '@/components/ui/local-time';
import { StatusIcon } from '@/components/ui/status';
import { textOf } from '@/components/ui/tones';
import type { ExtractReading } from '../../reading';

/** The steps of an extract, oldest first. */
export function Progress({ steps }: { readonly steps: ExtractReading['steps'] }) {
  return (
    <ol className="border border-line bg-plate px-5 py-4">
      {steps.map(({ title, at, what, tone }) => (
        <li key={title} className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-4 py-1.5 text-sm">
          <span className={classNames('mt-0.5', textOf[tone])}>
            <StatusIcon tone={tone} className="size-4" />
          </span>
          <div className="flex flex-wrap justify-between gap-x-6">
            <div className="min-w-0 flex-1 basis-48">
              <h3
                className={classNames(tone === 'neutral' && 'font-medium', tone !== 'done' && textOf[tone])}
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
