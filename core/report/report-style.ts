/** One A4 page, black on white: heights are fixed so that a report is never more than one page. */
export const reportStyle = `
@page { size: A4; margin: 0; }
* { box-sizing: border-box; }
html, body { margin: 0; background: #fff; color: #16202a; }
body { font: 400 9pt/1.35 "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.sheet { width: 210mm; height: 296.5mm; margin: 0 auto; padding: 10mm 12mm 8mm; overflow: hidden;
  display: flex; flex-direction: column; gap: 2.6mm; }
header { display: flex; justify-content: space-between; align-items: baseline; border-bottom: 0.6mm solid #17507f; padding-bottom: 1.2mm; }
h1 { font-size: 15pt; font-weight: 600; margin: 0; color: #17507f; }
header span { font-size: 8pt; color: #51606d; }
h2 { font-size: 8pt; font-weight: 600; color: #51606d; margin: 0 0 0.8mm; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.head { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1mm 4mm; margin: 0; }
.head div { min-width: 0; }
.head .wide { grid-column: span 2; }
dt { font-size: 7pt; color: #51606d; }
dd { margin: 0; font-weight: 600; }
dd, td, th, .cap { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.finding { border-left: 1mm solid #17507f; background: #f1f5f9; padding: 1.4mm 3mm; }
.finding p { margin: 0; max-height: 9mm; overflow: hidden; }
.finding p:first-of-type { font-weight: 600; }
.finding .note { color: #8a5200; font-weight: 400; font-size: 8pt; }
.strip { background: #000; margin: 0 1.55% 0 5.42%; }
.strip img { width: 100%; height: 100%; object-fit: cover; display: block; }
.plot { width: 100%; height: auto; display: block; }
.plot .grid { stroke: #dbe2e8; stroke-width: 0.6; }
.plot .tick { stroke: #51606d; stroke-width: 0.6; }
.plot .num { font-size: 8px; fill: #51606d; }
.plot .band { fill: #17507f; fill-opacity: 0.18; }
.plot .doubt-zone { fill: #b07a1e; fill-opacity: 0.14; }
.plot .doubt { fill: none; stroke: #b07a1e; stroke-width: 1.4; stroke-dasharray: 3 2; }
.plot .course { fill: none; stroke: #17507f; stroke-width: 1.4; }
.plot .lesion { fill: #c2410c; fill-opacity: 0.12; }
.plot .ref { stroke: #c2410c; stroke-width: 0.9; stroke-dasharray: 3 2; }
.plot .pct { font-size: 9px; font-weight: 600; fill: #9a3412; }
.sections { display: grid; grid-template-columns: repeat(5, 1fr); gap: 2.5mm; }
.sections figure { margin: 0; min-width: 0; }
.sections .pic { position: relative; height: 32mm; background: #000; text-align: center; }
.sections .pic img { height: 100%; display: inline-block; }
.sections svg { position: absolute; left: 50%; top: 0; height: 32mm; width: 32mm; margin-left: -16mm; }
.sections polygon { fill: none; stroke: #ff9800; stroke-width: 0.01; }
.cap { font-size: 7.5pt; text-align: center; }
.cap b { font-weight: 600; }
.small .sections .pic { height: 22mm; }
.small .sections svg { height: 22mm; width: 22mm; margin-left: -11mm; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; font-size: 8pt; }
th { font-weight: 600; color: #51606d; text-align: right; border-bottom: 0.3mm solid #17507f; padding: 0.6mm 1mm; font-size: 7pt; }
td { text-align: right; border-bottom: 0.2mm solid #dbe2e8; padding: 0.6mm 1mm; height: 4.8mm; }
th:first-child, td:first-child { text-align: left; width: 20%; }
th:last-child, td:last-child { text-align: left; width: 19%; }
td:last-child { color: #8a5200; }
.more { font-size: 7.5pt; color: #51606d; margin: 0.6mm 0 0; }
.aorta { column-count: 2; column-gap: 6mm; font-size: 7.5pt; }
.aorta div { display: flex; justify-content: space-between; gap: 2mm; border-bottom: 0.2mm solid #dbe2e8; height: 4.4mm; break-inside: avoid; }
.aorta span { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; min-width: 0; }
.aorta b { font-weight: 600; white-space: nowrap; }
footer { margin-top: auto; font-size: 7pt; color: #51606d; }
footer p { margin: 0 0 1mm; }
.sign { display: flex; gap: 8mm; align-items: flex-end; white-space: nowrap; color: #16202a; font-size: 8.5pt; margin-top: 5mm; }
.sign i { font-style: normal; display: inline-block; width: 30mm; border-bottom: 0.3mm solid #16202a; margin-left: 2mm; }
.sign em { font-style: normal; margin-left: auto; white-space: normal; text-align: right; font-size: 7pt; color: #51606d; }
@media screen { body { background: #dbe2e8; } .sheet { background: #fff; margin: 6mm auto; box-shadow: 0 1mm 4mm #0003; } }
`;
