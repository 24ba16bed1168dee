import { Cell, DataTable, RowHead, Unknown } from '@/components/data/table';
import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import { namesOfRoles } from '@/lib/domain/actor';
import type { TenantPerson } from '@/lib/domain/people/ports';
import { standingOf } from '@/lib/domain/people/standing';
import { personHref, standings } from '../words';

/** One page of people; each row leads to the person. */
export function PeopleTable({
  people,
  now,
}: {
  readonly people: readonly TenantPerson[];
  readonly now: Date;
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
              <a href={personHref(person.id)} className="row-link [overflow-wrap:anywhere]">
                {person.email}
              </a>
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
