'use client';

import { useRouter } from 'next/navigation';
import {
  createContext,
  type ReactNode,
  startTransition,
  useContext,
  useEffect,
  useEffectEvent,
  useOptimistic,
  useRef,
} from 'react';
import { useFormStatus } from 'react-dom';
import { announce } from '@/components/live/announcer';

interface Choice {
  readonly chosen: string | undefined;
  /** The endpoint that the server sent the page for. */
  readonly shown: string | undefined;
  readonly choose: (name: string, href: string) => void;
}

const ChoiceContext = createContext<Choice>({ chosen: undefined, shown: undefined, choose: () => undefined });

/** Keeps the radio buttons and the report inside together: choosing an endpoint loads its report. */
export function ChosenEndpoint({
  shown,
  words,
  children,
}: {
  readonly shown: string | undefined;
  /** Announced once somebody's choice is shown. */
  readonly words: string;
  readonly children: ReactNode;
}) {
  const router = useRouter();
  const [chosen, setChosen] = useOptimistic(shown);
  const awaited = useRef<string>(undefined);
  const choose = (name: string, href: string) =>
    startTransition(() => {
      awaited.current = name;
      setChosen(name);
      router.replace(href, { scroll: false });
    });
  useEffect(() => {
    if (awaited.current === undefined || awaited.current !== shown) return;
    awaited.current = undefined;
    announce(words);
  }, [shown, words]);
  return <ChoiceContext value={{ chosen, shown, choose }}>{children}</ChoiceContext>;
}

/** The radio button of the endpoint `name`, whose report is at `href`. */
export function EndpointRadio({
  id,
  name,
  href,
}: {
  readonly id: string;
  readonly name: string;
  readonly href: string;
}) {
  const { chosen, choose } = useContext(ChoiceContext);
  const { pending } = useFormStatus();
  const radio = useRef<HTMLInputElement>(null);
  // Somebody may have chosen before the page's code ran.
  const followBrowser = useEffectEvent(() => {
    if (radio.current?.checked && name !== chosen) choose(name, href);
  });
  useEffect(() => followBrowser(), []);
  return (
    <input
      ref={radio}
      id={id}
      type="radio"
      name="endpoint"
      value={name}
      checked={name === chosen}
      // While an endpoint is tested, its report is what comes next.
      onChange={() => pending || choose(name, href)}
      required
      autoComplete="off"
      className="mt-1 size-4 shrink-0 accent-action"
    />
  );
}

/** What concerns the endpoint that the server sent the page for; gone as soon as another one is chosen. */
export function OfShownEndpoint({ children }: { readonly children: ReactNode }) {
  const { chosen, shown } = useContext(ChoiceContext);
  if (chosen === shown) return children;
  return <p className="text-sm text-muted">Loading the report of {chosen}…</p>;
}
