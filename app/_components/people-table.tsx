import { Cell, DataTable, RowHead, Unknown } from '@/components/data/table';
import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import { namesOfRoles } from '@/lib/domain/actor';
import type { TenantPerson } from '@/lib/domain/people/ports';
import { standingOf } from '@/lib/domain/people/standing';
import { standings } from '../(tenant)/people/words';

/** One page of people. Each row leads to the person's page, where there is one for the reader. */
export function PeopleTable({
  people,
  now,
  hrefOf,
}: {
  readonly people: readonly TenantPerson[];
  readonly now: Date;
  readonly hrefOf?: (id: string) => string;
}) {
  return (
    <DataTable
      label="People"
      columns={[{ label: 'E-mail' }, { label: 'Role' }, { label: 'State' }, { label: 'Last seen' }]}
    >
      {people.map((person) => {
        const { tone, words } = standings[standingOf(person, now)];
        return (
          <tr key={person.id}>
            <RowHead>
              {hrefOf ? (
                <a href={hrefOf(person.id)} className="row-link [overflow-wrap:anywhere]">
                  {person.email}
                </a>
              ) : (
                <span className="[overflow-wrap:anywhere]">{person.email}</span>
              )}
            </RowHead>
            <Cell>{person.roles.length > 0 ? namesOfRoles(person.roles) : <Unknown why="No role" />}</Cell>
            <Cell>
              <Status tone={tone}>{words}</Status>
            </Cell>
            <Cell>
              {person.lastSeenAt ? (
                <Instant at={person.lastSeenAt} style="minute" />
              ) : (
                <Unknown why="Never" />
              )}
            </Cell>
          </tr>
        );
      })}
    </DataTable>
  );
}
