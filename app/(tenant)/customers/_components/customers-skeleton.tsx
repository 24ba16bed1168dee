import { LoadingLabel, Skeleton } from '@/components/ui/skeleton';

const rows = Array.from({ length: 12 }, (_, index) => `row-${index}`);

/** Placeholder with the size of the list. */
export function CustomersSkeleton() {
  return (
    <div className="space-y-6">
      <LoadingLabel>Loading customers</LoadingLabel>
      <Skeleton className="h-[15.5rem] w-full sm:h-[10rem] xl:h-[5.4rem]" />
      <Skeleton className="h-[18.4rem] w-full sm:h-[15.5rem]" />
      <Skeleton className="h-44 w-full sm:h-[3.65rem]" />
      <div className="border border-line bg-plate">
        <div className="h-9 border-b border-edge bg-sunk" />
        {rows.map((row) => (
          <div key={row} className="flex h-[2.35rem] items-center gap-8 border-b border-line px-4">
            <Skeleton className="h-3 w-20" />
            <Skeleton className="h-3 w-56" />
            <Skeleton className="hidden h-3 flex-1 md:block" />
          </div>
        ))}
      </div>
    </div>
  );
}
