'use client';

import { useLive } from '@/components/live/use-live';
import type { ExtractReading } from '../../reading';
import { Progress } from './progress';

/** The steps of an extract, kept up to date. `page` is the URL of the extract. */
export function LiveProgress({ initial, page }: { readonly initial: ExtractReading; readonly page: string }) {
  const { reading, polling } = useLive(initial, { href: `${page}/status`, pageHref: page });
  return (
    <>
      <Progress steps={reading.steps} />
      {polling}
    </>
  );
}
