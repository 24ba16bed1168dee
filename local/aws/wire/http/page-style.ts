/** The one style sheet of the pages for people. Its hash is in the content security policy. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --panel: #ffffff; --sunk: #eceef1; --line: #d5d9e0;
  --ink: #1a202c; --quiet: #566072; --accent: #0b6e75; --on-accent: #ffffff;
  --rail: #16202c; --rail-ink: #e6ebf2; --rail-quiet: #a3b0c2;
  --good: #17663a; --good-ground: #e0f3e7; --wait: #7a4d00; --wait-ground: #fdf0d5; --off: #566072; --off-ground: #eceef1;
  --bad: #9b1c1c; --bad-ground: #fde8e8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11161d; --panel: #1a212b; --sunk: #141a22; --line: #313b49;
    --ink: #e7ecf3; --quiet: #a5b0c0; --accent: #58c4c9; --on-accent: #06272a;
    --rail: #0b0f15; --rail-ink: #e7ecf3; --rail-quiet: #94a1b4;
    --good: #8fdcaf; --good-ground: #16382a; --wait: #f3c77a; --wait-ground: #3b2d12; --off: #a5b0c0; --off-ground: #27303c;
    --bad: #f5a9a9; --bad-ground: #421d1f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; background: var(--ground); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .92em; overflow-wrap: anywhere; }
.shell { display: grid; grid-template-columns: 208px minmax(0, 1fr); grid-template-rows: auto 1fr auto; min-height: 100vh; }
.bar {
  grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center;
  background: var(--rail); color: var(--rail-ink); padding: .6rem 1.25rem;
}
.bar h1 { font-size: 1rem; font-weight: 650; margin: 0; letter-spacing: .01em; }
.bar .who { margin-left: auto; display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; color: var(--rail-quiet); font-size: .87rem; }
.bar .who strong { color: var(--rail-ink); font-weight: 600; }
.rail { background: var(--sunk); border-right: 1px solid var(--line); padding: 1rem .75rem; }
.rail ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .15rem; position: sticky; top: 1rem; }
.rail a { display: block; padding: .4rem .65rem; border-radius: 6px; color: var(--ink); text-decoration: none; }
.rail a[aria-current] { background: var(--panel); font-weight: 600; }
.rail a:hover { background: var(--panel); }
main { padding: 1.5rem clamp(1rem, 3vw, 2.25rem) 2.5rem; display: grid; gap: 1.25rem; align-content: start; max-width: 1400px; }
.note { margin: 0; max-width: none; padding: .7rem 1rem; border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: 6px; background: var(--panel); color: var(--quiet); }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem 1.25rem; min-width: 0; }
.panel > header { display: flex; flex-wrap: wrap; gap: .4rem .8rem; align-items: center; margin-bottom: .8rem; }
h2 { font-size: 1.02rem; margin: 0; font-weight: 650; }
.panel > header .count { color: var(--quiet); font-size: .9rem; margin-left: auto; }
p { margin: .35rem 0; max-width: 75ch; }
.quiet { color: var(--quiet); }
.scroll + dl, .scroll + form, dl + form { margin-top: .9rem; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: .9rem 1.5rem; margin: 0; }
dt { color: var(--quiet); font-size: .84rem; }
dd { margin: .1rem 0 0; overflow-wrap: anywhere; }
.badge { display: inline-block; padding: .08rem .6rem; border-radius: 99px; font-size: .84rem; font-weight: 600; background: var(--off-ground); color: var(--off); }
.badge.good { background: var(--good-ground); color: var(--good); }
.badge.bad { background: var(--bad-ground); color: var(--bad); }
.badge.wait { background: var(--wait-ground); color: var(--wait); }
.scroll { overflow-x: auto; max-height: 32rem; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
caption { text-align: left; padding: .5rem .8rem; color: var(--quiet); font-size: .87rem; }
th, td { text-align: left; padding: .45rem .8rem; border-top: 1px solid var(--line); vertical-align: top; }
thead th { position: sticky; top: 0; background: var(--sunk); font-weight: 600; font-size: .84rem; color: var(--quiet); }
tbody th { font-weight: 500; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.when { white-space: nowrap; }
.empty { border: 1px dashed var(--line); border-radius: 8px; padding: 1.4rem 1.25rem; text-align: center; color: var(--quiet); }
.empty strong { display: block; color: var(--ink); font-weight: 600; }
.empty p { margin: .35rem auto 0; }
button, .button {
  font: inherit; font-weight: 600; border: 1px solid var(--accent); border-radius: 7px; padding: .38rem .9rem; cursor: pointer;
  background: var(--accent); color: var(--on-accent); text-decoration: none; display: inline-block;
}
button.minor { background: transparent; color: var(--accent); padding: .15rem .7rem; font-weight: 500; }
button.plain { background: transparent; border-color: var(--rail-quiet); color: var(--rail-ink); padding: .2rem .7rem; font-weight: 500; }
form { margin: 0; }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 1rem 1.5rem; margin: 0 0 1rem; padding: 0; border: 0; }
.fields legend { padding: 0 0 .5rem; font-weight: 600; }
.field label { display: block; font-weight: 600; font-size: .9rem; }
.field.wide { grid-column: 1 / -1; max-width: 30rem; }
.field .hint { color: var(--quiet); font-size: .84rem; margin: .15rem 0 0; }
input {
  font: inherit; width: 100%; margin-top: .2rem; padding: .35rem .6rem; border-radius: 7px; border: 1px solid var(--quiet);
  background: var(--panel); color: var(--ink);
}
.alert { padding: .7rem 1rem; border-left: 4px solid var(--bad); border-radius: 6px; background: var(--bad-ground); color: var(--bad); overflow-wrap: anywhere; }
.tabs { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; margin: 0 0 1rem; padding: 0; }
.tabs a { display: inline-block; padding: .3rem .9rem; border: 1px solid var(--line); border-radius: 99px; text-decoration: none; }
.tabs a[aria-current] { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: .9rem; align-items: center; }
.foot { grid-column: 1 / -1; border-top: 1px solid var(--line); padding: .6rem 1.25rem; color: var(--quiet); font-size: .85rem; }
.alone { max-width: 36rem; margin: 0 auto; padding: clamp(2rem, 12vh, 8rem) 1.25rem 2rem; }
.alone .panel { padding: 1.6rem 1.6rem 1.75rem; }
.alone h1 { font-size: 1.3rem; margin: 0 0 .6rem; }
.alone .brand { color: var(--quiet); font-size: .87rem; margin-bottom: .8rem; }
@media (max-width: 720px) {
  .shell { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto auto 1fr auto; }
  .rail { border-right: 0; border-bottom: 1px solid var(--line); padding: .4rem .75rem; }
  .rail ul { display: flex; flex-wrap: wrap; position: static; }
  .bar .who { margin-left: 0; }
}
@media (forced-colors: active) { .badge, .panel, .note { border: 1px solid CanvasText; } }
`;
