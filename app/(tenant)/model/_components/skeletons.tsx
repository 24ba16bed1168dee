import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';

/** Placeholder for a part about models. */
export function ModelSkeleton() {
  return (
    <div className="space-y-3">
      <LoadingLabel>Loading the model</LoadingLabel>
      <Skeleton className="h-18 w-full" />
    </div>
  );
}

/** Placeholder for the account's endpoints. */
export function EndpointsSkeleton() {
  return (
    <div className="space-y-3">
      <LoadingLabel>Loading the endpoints of your account</LoadingLabel>
      <Skeleton className="h-6 w-40" />
      <Skeleton className="h-40 w-full" />
    </div>
  );
}
