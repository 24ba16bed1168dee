'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { announce } from './announcer';
import { isExpected, type ResultName } from './expected';
import { tellInTitle } from './tab-title';
import { takeFocus } from './take-focus';

/**
 * What an action leads to: its heading, or all of it. When the action that somebody took shows its result, this gets the focus
 * and `words` are announced. `mark` changes with each result.
 */
export function Result({
  name,
  mark,
  words,
  as: Element = 'h2',
  id,
  className,
  children,
}: {
  readonly name: ResultName;
  readonly mark: string;
  readonly words: string;
  readonly as?: 'h2' | 'h3' | 'div';
  readonly id?: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const element = useRef<HTMLHeadingElement & HTMLDivElement>(null);
  const shown = useRef<string>(undefined);
  useEffect(() => {
    if (shown.current === mark) return;
    shown.current = mark;
    if (!isExpected(name)) return;
    takeFocus(element.current);
    announce(words);
    tellInTitle(words);
  }, [name, mark, words]);
  return (
    <Element ref={element} id={id} tabIndex={-1} className={className}>
      {children}
    </Element>
  );
}
