import type { ReactNode } from 'react';
import { backgroundNames } from '../../../../core/scene/backgrounds.ts';
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
        <SwitchRow
          name={words('reading.depthCue')}
          tip={words('reading.depthCueTip')}
          isOn={depthCue}
          onToggle={() => toggleDepthCue(session)}
        />
        <SwitchRow
          name={words('reading.clipBox')}
          keys={chordLabel('Shift+KeyB')}
          isOn={clip !== null}
          onToggle={() => toggleClip(session)}
        >
          {clip && (
            <Button size="small" onClick={() => setClip(session, wholeClipBox(view.geometry))}>
              {words('reading.clipWhole')}
            </Button>
          )}
        </SwitchRow>
        <SwitchRow name={words('reading.cutPlane')} isOn={cut !== null} onToggle={() => toggleCut(session)} />
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

interface SwitchRowProps {
  readonly name: string;
  readonly tip?: string;
  readonly keys?: string;
  readonly isOn: boolean;
  onToggle(): void;
  /** Before the switch. */
  readonly children?: ReactNode;
}

const SwitchRow = ({ name, tip, keys, isOn, onToggle, children }: SwitchRowProps) => (
  <div className="row clip-row" data-tip={tip} data-keys={keys}>
    <span className="grow">{name}</span>
    {children}
    <Switch name={name} isOn={isOn} words="" onToggle={onToggle} />
  </div>
);

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
