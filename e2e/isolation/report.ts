import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A part of the report: how much was checked, and what is true of it. */
interface Section {
  readonly title: string;
  /** What was counted: `['relations', 25]`. */
  readonly counts: readonly (readonly [what: string, count: number])[];
  readonly text: string;
}

const sections: Section[] = [];

/** Adds a section. Sections are written in the order in which they are added. */
export function addSection(section: Section): void {
  sections.push(section);
}

/** Writes `docs/isolation.md`. */
export async function writeReport(): Promise<void> {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', '.', ':!docs/isolation.md') !== '';
  const lines = [
    '# Isolation report',
    '',
    '`npm run isolation` writes this page. Do not edit it: change the expectations in `e2e/isolation/`, which fail as soon as a page, a',
    'route, an action, a verb, a table, a role or a call to AWS has none.',
    '',
    `Commit \`${git('rev-parse', '--short', 'HEAD')}\`${changed ? ', with changes that are not committed' : ''}, ${new Date().toISOString().slice(0, 10)}. Everything below held.`,
    '',
    table(
      ['part', 'checked'],
      sections.map(({ title, counts }) => [
        title,
        counts.map(([what, count]) => `${count.toLocaleString('en')} ${what}`).join(', '),
      ]),
    ),
    ...sections.flatMap(({ title, text }) => ['', `## ${title}`, '', text.trim()]),
    '',
  ];
  await writeFile(join(root, 'docs/isolation.md'), lines.join('\n'));
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
