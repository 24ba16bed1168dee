import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';

/** Placeholder with about the size of the overview. */
export function OverviewSkeleton() {
  return (
    <div className="space-y-6">
      <LoadingLabel>Loading the overview</LoadingLabel>
      <Skeleton className="h-[15.5rem] w-full sm:h-[5.4rem]" />
      <Skeleton className="h-80 w-full" />
    </div>
  );
}
