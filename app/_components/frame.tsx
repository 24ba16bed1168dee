import type { ReactNode } from 'react';
import { Shell } from '@/components/shell/shell';
import { type Actor, namesOfRoles } from '@/lib/domain/actor';
import { pagesOf } from './navigation';
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
  return (
    <Shell
      home={items[0]?.href ?? '/'}
      items={items}
      organisation={organisation}
      person={{ name: actor.name, role: namesOfRoles(actor.roles) }}
      theme={await chosenTheme()}
    >
      {children}
    </Shell>
  );
}
