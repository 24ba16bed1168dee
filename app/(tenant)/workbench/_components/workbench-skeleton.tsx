import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';

/** Placeholder while the workbench's state is unknown. */
export function WorkbenchSkeleton() {
  return (
    <div className="space-y-6">
      <LoadingLabel>Loading the workbench</LoadingLabel>
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-18 w-full" />
      <Skeleton className="h-72 w-full" />
    </div>
  );
}
