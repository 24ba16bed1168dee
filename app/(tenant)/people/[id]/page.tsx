import { cache } from 'react';
import { Facts } from '@/components/data/facts';
import { Result } from '@/components/live/result';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Status } from '@/components/ui/status';
import { namesOfRoles } from '@/lib/domain/actor';
import type { TenantPerson } from '@/lib/domain/people/ports';
import { invitationUntil, isMoreThanOfTenant, standingOf } from '@/lib/domain/people/standing';
import { getPerson } from '@/lib/domain/people/verbs/get-person';
import { metadataOf, orNotFound, pageContext } from '@/lib/server/page';
import { type AddressParams, firstOf } from '../../../_components/address';
import { doneWords, standings } from '../words';
import { AccessForm, RemoveForm, ResendForm, RoleForm } from './_components/person-forms';
import { personPage } from './page-info';

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<AddressParams>;
}

const personOf = cache((id: string) =>
  orNotFound(async () => getPerson(await pageContext(personPage), { id })),
);

export const generateMetadata = metadataOf(
  personPage,
  async ({ params }: Props) => (await personOf((await params).id)).email,
);

export default async function PersonPage({ params, searchParams }: Props) {
  const [{ id }, { done }] = await Promise.all([params, searchParams]);
  const context = await pageContext(personPage);
  const person = await personOf(id);
  const standing = standingOf(person, context.now());
  const words = Object.entries(doneWords).find(([name]) => name === firstOf(done))?.[1];
  return (
    <>
      <PageHeader title={person.email} parent={personPage.parent}>
        <Status tone={standings[standing].tone}>{standings[standing].words}</Status>
      </PageHeader>
      {words === undefined ? null : (
        <Result name="people" mark={words} words={words} as="div">
          <Notice tone="done" title={words}>
            {firstOf(done) === 'invited' ? <p>Amazon Cognito mails it to {person.email}.</p> : null}
          </Notice>
        </Result>
      )}
      <PersonFacts person={person} />
      {isMoreThanOfTenant(person) ? (
        <Notice title="Your administrator manages this user">
          It has a role outside your organisation, too.
        </Notice>
      ) : (
        <div className="grid items-start gap-6 xl:grid-cols-2">
          <RoleForm id={person.id} role={person.roles[0] ?? 'member'} />
          <div className="space-y-6">
            {person.lastSeenAt === null && standing !== 'disabled' ? <ResendForm id={person.id} /> : null}
            <AccessForm id={person.id} disabled={standing === 'disabled'} />
            <RemoveForm id={person.id} email={person.email} />
          </div>
        </div>
      )}
    </>
  );
}

function PersonFacts({ person }: { readonly person: TenantPerson }) {
  const { roles, lastSeenAt, invitedAt, disabledAt } = person;
  const until = lastSeenAt === null ? invitationUntil(person) : null;
  const facts = [
    { name: 'Role', value: roles.length > 0 ? namesOfRoles(roles) : 'None' },
    { name: 'Last seen', value: lastSeenAt ? <Instant at={lastSeenAt} style="minute" /> : 'Never' },
    ...(invitedAt ? [{ name: 'Invited', value: <Instant at={invitedAt} style="minute" /> }] : []),
    ...(until ? [{ name: 'Temporary password until', value: <Instant at={until} style="minute" /> }] : []),
    ...(disabledAt ? [{ name: 'Disabled', value: <Instant at={disabledAt} style="minute" /> }] : []),
  ];
  return <Facts facts={facts} />;
}
