import { treeOrder } from '../../../../core/analysis/curve/tree.ts';
import { profileCsv, profileJson } from '../../../../core/analysis/lumen/profile.ts';
import { client } from '../../../app/client.ts';
import { viewportPicture } from '../export/picture-png.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { measuredNow, shownLesion } from './lesions.ts';
import { sampledOf } from './sampled.ts';
import { activeLine, type VesselLine } from './vessel-state.ts';
import type { MeasuredLine } from './vessel-work.ts';

/** A line as `candela vessel` writes it and `candela cpr` reads it, with where it belongs: patient LPS mm. */
export function lineJson(line: VesselLine, measured: MeasuredLine | undefined): string {
  const { nameId, customName, kind, frameOfReferenceUID, verdict, controls, pieces, parent } = line.line;
  const now = measuredNow(line, measured);
  const lesion = shownLesion(line, measured);
  const stenoses = lesion ? [lesion.stenosis] : [];
  return JSON.stringify(
    {
      name: nameId ?? customName,
      kind,
      frameOfReferenceUID,
      verdict,
      controls: controls.map(({ pointMm }) => pointMm),
      pieces: pieces.map(({ state }) => state),
      ...(parent && { parent }),
      ...profileJson(sampledOf(line.line), now?.stations ?? [], stenoses),
    },
    null,
    1,
  );
}

/** Without the patient's name: files lie about. */
function fileName(session: ReadingSession, line: VesselLine, ending: string): string {
  const series = `Se${session.mprStack()?.plan.common.SeriesNumber ?? 0}`;
  const name = (line.line.nameId ?? line.line.customName).replace(/[^\p{L}\p{N} -]/gu, '') || 'line';
  return `Candela ${series} ${name}${ending}`;
}

const textBlob = (text: string, type: string): Blob => new Blob([text], { type: `${type};charset=utf-8` });

export async function exportLine(session: ReadingSession, what: 'csv' | 'json' | 'png'): Promise<void> {
  const line = activeLine(session.state.vessel);
  if (!line) return;
  const measured = session.state.vesselWork.measured[line.line.id];
  if (what === 'csv') {
    const now = measuredNow(line, measured);
    if (now)
      await client().saveFile(
        fileName(session, line, ' profile.csv'),
        textBlob(profileCsv(now.stations), 'text/csv'),
      );
    return;
  }
  if (what === 'json') {
    await client().saveFile(
      fileName(session, line, '.json'),
      textBlob(lineJson(line, measured), 'application/json'),
    );
    return;
  }
  const viewport = document.querySelector<HTMLElement>(`[data-viewport="${session.state.active}"]`);
  if (viewport) await client().saveFile(fileName(session, line, ' CPR.png'), await viewportPicture(viewport));
}

/** Parents before their branches. */
export function linesAsTree(
  lines: readonly VesselLine[],
): readonly { readonly item: VesselLine; readonly depth: number }[] {
  const byId = new Map(lines.map((item) => [item.line.id, item]));
  return treeOrder(lines.map(({ line }) => line)).map(({ line, depth }) => ({
    item: byId.get(line.id)!,
    depth,
  }));
}
