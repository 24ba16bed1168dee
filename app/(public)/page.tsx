import { forbidden, redirect } from 'next/navigation';
import { Mark } from '@/components/shell/mark';
import { Button } from '@/components/ui/button';
import { PostForm } from '@/components/ui/post-form';
import { visitor } from '@/lib/server/page';
import { pagesOf } from '../_components/navigation';

const offers = [
  ['A workbench', 'SageMaker Studio in your organisation’s own AWS account, set up with one click.'],
  [
    'Your customers’ churn risk',
    'Computed for every customer from your own order history, starting with the first import.',
  ],
  [
    'Isolated by design',
    'No tenant can reach another tenant’s data: roles, credentials and the database each enforce it.',
  ],
] as const;

export default async function LandingPage() {
  const person = await visitor();
  if (person) {
    const [home] = pagesOf(person);
    return home ? redirect(home.href) : forbidden();
  }
  return (
    <main className="mx-auto flex min-h-dvh max-w-5xl flex-col px-6 py-10 sm:py-16">
      <div className="flex items-center gap-2.5 font-display text-xl font-semibold">
        <Mark className="size-7" />
        Annex
      </div>
      <div className="my-auto py-14">
        <h1 className="max-w-3xl text-3xl tracking-[-0.025em] sm:text-[3.25rem]">
          The data-science annex of your CRM
        </h1>
        <p className="mt-5 max-w-2xl text-lg text-muted">
          Analyse your customer data in your own Studio, and bring the results back to the people who use
          them.
        </p>
        <PostForm action="/sign-in" failed="You are not signed in" className="mt-8">
          <Button type="submit" variant="primary" className="h-11 px-7 text-base">
            Sign in
          </Button>
        </PostForm>
        <div className="scale mt-16" aria-hidden="true" />
        <dl className="mt-6 grid gap-x-10 gap-y-6 sm:grid-cols-3">
          {offers.map(([name, text]) => (
            <div key={name}>
              <dt className="font-semibold">{name}</dt>
              <dd className="mt-1 text-sm text-muted">{text}</dd>
            </div>
          ))}
        </dl>
      </div>
    </main>
  );
}
