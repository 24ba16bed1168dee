import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { buttonStyle } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copy';
import { Notice } from '@/components/ui/notice';
import type { ControlContext, PersonContext, SellerContext, TenantContext } from '@/lib/domain/context';
import { isAnnexError } from '@/lib/errors';
import { requestHeader } from '@/lib/server/request';
import { Boundary } from './boundary';

interface Props {
  readonly context: TenantContext | ControlContext | SellerContext | PersonContext;
  readonly fallback: ReactNode;
  readonly load: () => Promise<ReactNode>;
}

/**
 * Slow content, shown behind `fallback` during client navigation. A full document load waits for it instead: content
 * that React streams after the shell stays hidden without JavaScript, and the status code cannot change once the
 * shell is sent. For the same reason there is no loading.tsx. If a store or service does not respond, a notice takes
 * the content's place.
 */
export async function Deferred({ fallback, ...work }: Props) {
  const navigation = (await headers()).get('sec-fetch-dest') === 'empty';
  return (
    <Boundary streamed={navigation} fallback={navigation ? fallback : null}>
      {navigation ? <Loaded {...work} /> : await loaded(work)}
    </Boundary>
  );
}

const Loaded = (work: Omit<Props, 'fallback'>) => loaded(work);

async function loaded({ context, load }: Omit<Props, 'fallback'>): Promise<ReactNode> {
  try {
    return await load();
  } catch (error) {
    if (!isAnnexError(error, 'dependency_failed', 'dependency_denied', 'throttled')) throw error;
    context.log.error({ err: error, code: error.code }, 'page could not be loaded');
    return (
      <Notice
        tone="failed"
        title="This page could not be loaded"
        actions={
          <a href={await here()} className={buttonStyle('plain')}>
            Try again
          </a>
        }
      >
        <p>
          {error.message} Reference: <Copyable what="reference">{context.requestId}</Copyable>
        </p>
      </Notice>
    );
  }
}

/** The URL of this request. */
const here = async (): Promise<string> => (await headers()).get(requestHeader.path) ?? '/';
