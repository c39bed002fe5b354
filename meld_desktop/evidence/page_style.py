"""The look of ``timeline.html``: the program's own colours and rhythm, light, dark and on paper."""

STYLE = """
:root { color-scheme: light dark; --ground: #f6f7f9; --panel: #fff; --line: #dfe3e8; --text: #1b2330; --soft: #5c6776;
  --accent: #0b6e6e; --accent-soft: #e2f2f1; --good: #17693a; --good-soft: #e6f5ec; --bad: #b3261e; --bad-soft: #fdecea;
  --warn: #8a5300; --warn-soft: #fff4e0; }
@media (prefers-color-scheme: dark) { :root { --ground: #14181f; --panel: #1c222b; --line: #323a46; --text: #e8ebef;
  --soft: #a3adba; --accent: #5cc4c0; --accent-soft: #163a3b; --good: #6fcf97; --good-soft: #16321f; --bad: #ff8f85;
  --bad-soft: #401c1a; --warn: #f0b454; --warn-soft: #3b2c10; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--text); overflow-wrap: anywhere;
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 40px 32px 64px; }
header { margin-bottom: 32px; }
.over { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; color: var(--soft); font-size: 13px;
  margin: 0 0 16px; }
.over strong { color: var(--accent); font-weight: 600; }
h1 { font-size: 30px; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; margin: 0 0 16px; max-width: 26em;
  text-wrap: balance; }
h2 { font-size: 18px; font-weight: 650; margin: 0 0 4px; }
section { margin-top: 40px; }
p { margin: 0 0 8px; max-width: 72ch; }
.soft, .lead { color: var(--soft); }
.lead { margin-bottom: 16px; font-size: 14px; }
.verdict { display: inline-block; padding: 8px 16px; border-radius: 8px; background: var(--warn-soft);
  color: var(--warn); font-weight: 600; margin: 0; }
.verdict.match { background: var(--good-soft); color: var(--good); }
.verdict.mismatch { background: var(--bad-soft); color: var(--bad); }
.verdict.no_return_url { background: none; padding: 0; font-weight: 400; color: var(--soft); }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; }
dl.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(280px, 1fr)); gap: 16px 32px; margin: 0;
  padding: 24px; }
dl.facts div { min-width: 0; }
dl.facts .wide { grid-column: 1 / -1; }
dt { color: var(--soft); font-size: 13px; }
dd { margin: 0; }
blockquote { margin: 0; padding: 16px 24px; border-left: 3px solid var(--accent); background: var(--panel);
  white-space: pre-wrap; max-width: none; }
table { border-collapse: collapse; width: 100%; }
.panel > table { border-radius: 10px; overflow: hidden; }
th { text-align: left; font-size: 13px; font-weight: 600; color: var(--soft); padding: 12px 16px 8px;
  border-bottom: 1px solid var(--line); }
td { padding: 10px 16px; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child > td { border-bottom: 0; }
td.when { white-space: nowrap; width: 1%; font-variant-numeric: tabular-nums; }
td.when span, td.number { color: var(--soft); font-size: 13px; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; width: 1%; white-space: nowrap; }
td.kind { width: 1%; white-space: nowrap; color: var(--soft); font-size: 13px; padding-top: 12px; }
td.place { width: 1%; min-width: 104px; color: var(--soft); font-size: 13px; padding-top: 12px; }
td.what > b { font-weight: 600; }
td.what > p { margin: 2px 0 0; color: var(--soft); font-size: 14px; }
tr.refused td.kind, tr.crash td.kind { color: var(--bad); font-weight: 600; }
tr.event td.kind, tr.status td.kind { color: var(--accent); font-weight: 600; }
tr.navigation td.what > b, tr.console td.what > b, tr.window td.what > b { font-weight: 400; }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
.times { color: var(--soft); font-size: 13px; white-space: nowrap; }
ul.data { list-style: none; margin: 4px 0 0; padding: 0; font-size: 13px; color: var(--soft); }
ul.data li { padding-left: 12px; text-indent: -12px; }
code, .address { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Consolas, "Noto Sans Mono", monospace;
  font-size: 13px; }
pre { margin: 8px 0 16px; padding: 12px 16px; background: var(--panel); border: 1px solid var(--line);
  border-radius: 8px; white-space: pre-wrap; }
a { color: var(--accent); }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
figure { margin: 8px 0 4px; }
figure img { display: block; max-width: 240px; max-height: 320px; width: auto; height: auto;
  border: 1px solid var(--line); border-radius: 6px; background: var(--ground); font-size: 13px; color: var(--soft); }
footer { margin-top: 48px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13px; }
@media (max-width: 640px) { main { padding: 24px 16px 40px; } h1 { font-size: 24px; } td, th { padding-left: 10px;
  padding-right: 10px; } td.kind, th.kind { display: none; } td.place { min-width: 0; } dl.facts { padding: 16px; } }
@media print { :root { color-scheme: light; --ground: #fff; --panel: #fff; --line: #c9cfd6; --text: #000; --soft: #444;
  --accent: #064f4f; --good: #0d4d29; --bad: #8c1a13; --warn: #6b4000; }
  @page { margin: 16mm 14mm; } body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  h1 { font-size: 20pt; } section { margin-top: 24pt; } h2 { break-after: avoid; } tr, figure { break-inside: avoid; }
  thead { display: table-header-group; } .panel, pre { border-radius: 0; } .verdict { border: 1px solid; }
  td { padding: 5pt 8pt; } th { padding: 6pt 8pt 4pt; } figure img { max-height: 70mm; } a { text-decoration: none; } }
"""
