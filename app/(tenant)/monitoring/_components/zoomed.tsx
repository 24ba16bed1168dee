import Link from 'next/link';
import { LocalTime } from '@/components/ui/local-time';
import { type MonitoringView, rangeNames, viewHref } from '../view';

/** The time that somebody zoomed in to, with ways out of it. */
export function Zoomed({
  view,
  window: { from, to },
}: {
  readonly view: MonitoringView;
  readonly window: { readonly from: number; readonly to: number };
}) {
  const half = Math.ceil((to - from) / 120) * 60;
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
  return (
    <p className="flex flex-wrap items-baseline gap-x-5 gap-y-1 border border-line bg-sunk px-4 py-2 text-sm">
      <span>
        <LocalTime at={iso(from)} /> to <LocalTime at={iso(to)} />
      </span>
      <Link
        href={viewHref({ ...view, span: { from: from - half, to: to + half } })}
        prefetch={false}
        scroll={false}
        className="link"
      >
        Zoom out
      </Link>
      <Link href={viewHref({ ...view, span: undefined })} prefetch={false} scroll={false} className="link">
        Back to the last {rangeNames[view.range][1]}
      </Link>
    </p>
  );
}
