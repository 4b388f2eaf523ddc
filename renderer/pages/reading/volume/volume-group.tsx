import { wholeClipBox } from '../../../../core/scene/clip-box.ts';
import { turnedOver } from '../../../../core/scene/cut-plane.ts';
import { presetPart, volumePreset } from '../../../../core/scene/presets.ts';
import { chordLabel } from '../../../app/chord.ts';
import { TransferEditor } from '../../../panels/volume3d/transfer-editor.tsx';
import { Button, Switch } from '../../../ui/controls.tsx';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { Choices } from '../choices.tsx';
import type { MprView } from '../mpr/mpr-view.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useWords } from '../use-words.ts';
import {
  faceCut,
  setBackground,
  setClip,
  setCut,
  setLens,
  setTransfer,
  toggleClip,
  toggleCut,
  toggleDepthCue,
} from './volume-actions.ts';
import { backgroundNames } from './volume-look.ts';

interface GroupProps {
  readonly session: ReadingSession;
  readonly view: MprView;
  readonly stack: OpenStack;
}

/** 3D beside its preset: lens, background, clip box, and the transfer function itself. */
export function VolumeGroup({ session, view, stack }: GroupProps) {
  const words = useWords();
  const { clip, cut, background, depthCue } = view.look;
  return (
    <>
      <section className="grp" aria-label={words('reading.look')}>
        <div className="gh">
          <span className="grow">{words('reading.look')}</span>
        </div>
        <Choices
          label={words('reading.lens')}
          keys="Shift+KeyP"
          choices={(['orthographic', 'perspective'] as const).map((kind) => ({
            value: kind,
            name: words(`reading.lens.${kind}`),
            data: { 'data-lens': kind },
          }))}
          chosen={view.camera.lens.kind}
          onChoose={(kind) => setLens(session, kind)}
        />
        <Choices
          label={words('reading.background')}
          choices={backgroundNames.map((name) => ({
            value: name,
            name: words(`reading.background.${name}`),
            data: { 'data-background': name },
          }))}
          chosen={background}
          onChoose={(name) => setBackground(session, name)}
        />
        <DepthCue session={session} isOn={depthCue} />
        <div className="row clip-row" data-keys={chordLabel('Shift+KeyB')}>
          <span className="grow">{words('reading.clipBox')}</span>
          {clip && (
            <Button size="small" onClick={() => setClip(session, wholeClipBox(view.geometry))}>
              {words('reading.clipWhole')}
            </Button>
          )}
          <Switch
            name={words('reading.clipBox')}
            isOn={clip !== null}
            words=""
            onToggle={() => toggleClip(session)}
          />
        </div>
        <div className="row clip-row">
          <span className="grow">{words('reading.cutPlane')}</span>
          <Switch
            name={words('reading.cutPlane')}
            isOn={cut !== null}
            words=""
            onToggle={() => toggleCut(session)}
          />
        </div>
        {cut && (
          <div className="row clip-row">
            <Button size="small" onClick={() => faceCut(session)}>
              {words('reading.cutFacing')}
            </Button>
            <Button size="small" onClick={() => setCut(session, turnedOver(cut))}>
              {words('reading.cutOver')}
            </Button>
          </div>
        )}
      </section>
      <Transfer session={session} view={view} stack={stack} />
    </>
  );
}

function DepthCue({ session, isOn }: { readonly session: ReadingSession; readonly isOn: boolean }) {
  const words = useWords();
  return (
    <div className="row clip-row" data-tip={words('reading.depthCueTip')}>
      <span className="grow">{words('reading.depthCue')}</span>
      <Switch
        name={words('reading.depthCue')}
        isOn={isOn}
        words=""
        onToggle={() => toggleDepthCue(session)}
      />
    </div>
  );
}

/** Of composite presets; projections have a window instead. */
function Transfer({ session, view, stack }: GroupProps) {
  const preset = volumePreset(view.presetId);
  if (preset?.mode !== 'composite') return null;
  const range = stack.range.range();
  return (
    <TransferEditor
      transfer={view.look.transfer ?? presetPart(preset).transfer}
      isChanged={view.look.transfer !== null}
      unit={stack.unit}
      shift={view.shift}
      least={range?.min ?? 0}
      most={range?.max ?? 0}
      percentile={(percent) => stack.range.percentile(percent) ?? 0}
      onHold={(isHeld) => session.hold(isHeld)}
      onChange={(transfer) => setTransfer(session, transfer)}
    />
  );
}
