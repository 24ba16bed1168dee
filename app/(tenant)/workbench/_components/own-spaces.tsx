import { formatUnits } from '@/components/format';
import type { OpenSpace } from '@/lib/domain/workbench/spaces';
import { typeWords } from '../running/words';
import { LaunchStudio } from './launch-studio';

/** Spaces that are offered; the others are in Studio. */
const offered = 6;

/** The person's own spaces, each with a button that opens Studio there. Nothing if there are none. */
export function OwnSpaces({ spaces }: { readonly spaces: readonly OpenSpace[] }) {
  const own = spaces.filter((space) => space.own);
  if (own.length === 0) return null;
  const more = own.length - offered;
  return (
    <section aria-labelledby="own-spaces" className="basis-full space-y-3 border-t border-line pt-4">
      <h3 id="own-spaces" className="text-sm font-medium">
        Your spaces
      </h3>
      <ul className="flex flex-wrap gap-3">
        {own.slice(0, offered).map(({ name, app }) => (
          <li
            key={name}
            className="flex max-w-full items-center justify-between gap-4 border border-line py-2 pr-2 pl-3 max-sm:w-full"
          >
            <span className="min-w-0 text-sm">
              <bdi className="block font-medium [overflow-wrap:anywhere]">{name}</bdi>
              <span className="text-muted">{typeWords(app)}</span>
            </span>
            <LaunchStudio place={{ space: name }} />
          </li>
        ))}
      </ul>
      {more > 0 ? (
        <p className="text-sm text-muted">
          Studio has {formatUnits(more, 'more space', 'more spaces')} of yours.
        </p>
      ) : null}
    </section>
  );
}
