import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';

/** The room that a workbench takes, before it is known in which state it is. */
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
