import { forbidden, redirect } from 'next/navigation';
import { Mark } from '@/components/shell/mark';
import type { Theme } from '@/components/shell/theme';
import { Button, buttonStyle } from '@/components/ui/button';
import { PostForm } from '@/components/ui/post-form';
import { visitor } from '@/lib/server/page';
import { pagesOf } from '../_components/navigation';
import { chosenTheme } from '../_components/theme';
import dark from './_components/customers-dark.png';
import light from './_components/customers-light.png';

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
    <main className="mx-auto flex min-h-dvh max-w-[90rem] flex-col px-6 py-8 lg:px-12">
      <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <span className="flex items-center gap-2.5 font-display text-xl font-semibold">
          <Mark className="size-7" />
          Annex
        </span>
        <PostForm action="/sign-in" failed="You are not signed in">
          <Button type="submit">Sign in</Button>
        </PostForm>
      </header>
      <div className="my-auto grid items-center gap-x-14 gap-y-10 py-10 lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]">
        <div>
          <h1 className="text-3xl tracking-[-0.025em] xl:text-[3.25rem]">
            The data-science annex of your CRM
          </h1>
          <p className="mt-5 max-w-xl text-lg text-muted">
            Annex tells you which of your customers are about to leave. It computes that from your orders, or
            with a model that your data scientists train in a Studio of their own.
          </p>
          <a href="/sign-up" className={buttonStyle('primary', 'mt-8 h-11! px-7! text-base!')}>
            Sign up
          </a>
        </div>
        <Picture theme={await chosenTheme()} />
      </div>
      <div className="scale" aria-hidden="true" />
      <dl className="mt-6 grid gap-x-10 gap-y-6 sm:grid-cols-3">
        {offers.map(([name, text]) => (
          <div key={name}>
            <dt className="font-semibold">{name}</dt>
            <dd className="mt-1 text-sm text-muted">{text}</dd>
          </div>
        ))}
      </dl>
    </main>
  );
}

/** The product itself, in the colours of the page. */
function Picture({ theme }: { readonly theme: Theme }) {
  const { src, width, height } = theme === 'dark' ? dark : light;
  return (
    <figure>
      <picture>
        {theme === 'system' ? <source media="(prefers-color-scheme: dark)" srcSet={dark.src} /> : null}
        <img
          src={src}
          width={width}
          height={height}
          alt="The page Customers: how many customers are at what risk, and a list of them with the highest risk first"
          className="h-auto w-full border border-line"
        />
      </picture>
      <figcaption className="mt-2 text-xs text-muted">
        Customers by churn risk, with fictional data
      </figcaption>
    </figure>
  );
}
