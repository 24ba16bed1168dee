import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';

/** Placeholder with the size of the panels. */
export function MonitoringSkeleton() {
  return (
    <div className="space-y-6">
      <LoadingLabel>Loading the metrics</LoadingLabel>
      <Skeleton className="h-13 w-full" />
      <Skeleton className="h-21 w-full max-w-3xl" />
      <div className="grid gap-6 xl:grid-cols-3">
        <Skeleton className="h-[19rem] w-full" />
        <Skeleton className="h-[19rem] w-full" />
        <Skeleton className="h-[19rem] w-full" />
        <Skeleton className="h-[21rem] w-full xl:col-span-3" />
      </div>
    </div>
  );
}
