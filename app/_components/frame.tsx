import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { Connection } from '@/components/shell/connection';
import { Shell } from '@/components/shell/shell';
import { ViewerChanged, ViewerGuard } from '@/components/shell/viewer-guard';
import { type Actor, namesOfRoles } from '@/lib/domain/actor';
import { allows } from '@/lib/domain/authorize';
import { currentSession } from '@/lib/server/session';
import { viewerOf } from '@/lib/server/viewer';
import { viewerChangedCookie } from '@/lib/viewer';
import { deedsOf, pagesOf } from './navigation';
import { chosenTheme } from './theme';

/** The shell around the pages of a signed-in person. It does not authorise: each page does. */
export async function Frame({
  actor,
  organisation,
  children,
}: {
  readonly actor: Actor;
  readonly organisation: string;
  readonly children: ReactNode;
}) {
  const items = pagesOf(actor);
  const hasTenant = allows(actor, 'tenant.view');
  const [session, theme, jar] = await Promise.all([currentSession(), chosenTheme(), cookies()]);
  if (!session) throw new Error('a frame is for somebody who is signed in');
  return (
    <ViewerGuard viewer={viewerOf(session)}>
      <Shell
        home={items[0]?.href ?? '/'}
        items={items}
        deeds={deedsOf(actor)}
        findHref={hasTenant ? '/find' : null}
        workHref={hasTenant ? '/overview/work' : null}
        organisation={organisation}
        person={{ name: actor.name, role: namesOfRoles(actor.roles) }}
        theme={theme}
      >
        <Connection />
        <ViewerChanged changed={jar.has(viewerChangedCookie)} person={actor.name} />
        {children}
      </Shell>
    </ViewerGuard>
  );
}
