/** How the page looks: by the light or dark of the system, wide or narrow. */
export const STYLE = `
:root {
  --back: #fff; --card: #f6f7f9; --line: #dfe3e8; --text: #1c2430; --faint: #667085;
  --good: #1a7f4b; --busy: #1d5fd1; --held: #8a4fd0; --bad: #c0322b; --warn: #9a6700;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #11151b; --card: #1a2029; --line: #2d3643; --text: #e4e8ee; --faint: #8d99ab;
    --good: #4cc38a; --busy: #6ea8ff; --held: #bf94f5; --bad: #ff7b72; --warn: #e3b341;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 14px/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 1em; padding: .8em 1.2em; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.15em; margin: 0; }
h2 { font-size: 1em; margin: 1.6em 0 .4em; }
#server, .faint, th, dt { color: var(--faint); }
#state { margin-left: auto; color: var(--good); }
#state.lost { color: var(--bad); }
#state.paused { color: var(--warn); }
button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 4px; padding: .1em .8em; cursor: pointer; }
main { padding: 0 1.2em 2em; }
dl { display: flex; flex-wrap: wrap; gap: .6em; margin: 1em 0 0; }
dl div { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .4em .9em; min-width: 6.2em; }
dt { font-size: .85em; }
dd { margin: 0; font-size: 1.4em; font-variant-numeric: tabular-nums; }
section { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25em 1.2em .25em 0; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
th { font-weight: 500; font-size: .85em; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.wide { width: 99%; min-width: 18em; white-space: pre-wrap; overflow-wrap: anywhere; font: 12.5px/1.5 ui-monospace, monospace; }
.idle, .free { color: var(--faint); }
.pipelining, .draining, .alone, .slow, .verifying { color: var(--busy); }
.leased { color: var(--held); }
.bad { color: var(--bad); }
`;
