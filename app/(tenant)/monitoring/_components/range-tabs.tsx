import Link from 'next/link';
import { classNames } from '@/components/ui/class-names';
import { type MetricRange, metricRanges } from '@/lib/domain/monitoring/ports';
import { type MonitoringView, rangeNames, viewHref } from '../view';

/** The time ranges, each with its own URL. */
export function RangeTabs({ view }: { readonly view: MonitoringView }) {
  const isCurrent = (range: MetricRange) => range === view.range && !view.span;
  return (
    <nav aria-label="Time range" className="flex border border-edge bg-plate text-sm">
      {metricRanges.map((range) => (
        <Link
          key={range}
          href={viewHref({ ...view, range, span: undefined })}
          prefetch={false}
          scroll={false}
          aria-current={isCurrent(range) ? 'page' : undefined}
          className={classNames(
            'figures border-l border-line px-3.5 py-1.5 whitespace-nowrap first:border-l-0',
            isCurrent(range)
              ? 'bg-sunk font-semibold shadow-[inset_0_-2px_0_var(--color-mark)]'
              : 'text-muted hover:bg-sunk hover:text-ink',
          )}
        >
          {rangeNames[range][0]}
        </Link>
      ))}
    </nav>
  );
}
