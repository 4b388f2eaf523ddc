import type { Vec3 } from '../../../../core/geometry/types.ts';
import type { ReadingTerm } from '../../../../core/terms/reading.ts';
import { say } from '../../../../core/terms/term.ts';
import type { ReshapeInput } from '../../../analysis/mask-operations.ts';
import { useLanguage } from '../../../app/language.ts';
import { Button } from '../../../ui/controls.tsx';
import { Choices } from '../choices.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';
import { maskMaker } from './mask-maker.ts';
import { layerName, nameChoices } from './mask-name.ts';
import { maskDo } from './mask-set.ts';
import { activeMask, type MaskItem, type MaskLook } from './mask-state.ts';

interface DetailProps {
  readonly session: ReadingSession;
}

/** What the tools work on; of a chosen layer its name, look, and what refines it. */
export function MaskDetail({ session }: DetailProps) {
  const words = useWords();
  const language = useLanguage();
  const item = useReading(session, (s) => activeMask(s.masks));
  const showsRemoved = useReading(session, (s) => s.masks.showsRemoved);
  const hasRemoved = useReading(session, (s) => s.masks.layers.some(({ role }) => role === 'removed'));
  const hasAny = useReading(session, (s) => s.masks.layers.length > 0);
  if (!hasAny) return null;
  const name = item ? layerName(item, language) : words('reading.maskSeen');
  return (
    <section className="grp" aria-label={words('reading.maskChange')} data-mask-target={item?.id ?? ''}>
      {hasRemoved && (
        <label className="mask-check">
          <input
            type="checkbox"
            checked={showsRemoved}
            onChange={({ target }) => maskDo(session, { kind: 'showRemoved', isOn: target.checked })}
          />
          {words('reading.showRemoved')}
        </label>
      )}
      <div className="gh">
        <span className="grow">{words('reading.maskTarget', { name })}</span>
      </div>
      {item && <Look session={session} item={item} />}
      {item && <Refine session={session} />}
    </section>
  );
}

const hexOf = (colour: Vec3): string =>
  `#${colour.map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')}`;

const colourOf = (hex: string): Vec3 => {
  const n = Number.parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
};

function NameFields({ item, change }: { readonly item: MaskItem; change(look: Partial<MaskLook>): void }) {
  const words = useWords();
  const language = useLanguage();
  return (
    <>
      <label htmlFor="mask-name">{words('reading.maskName')}</label>
      <select
        id="mask-name"
        value={item.customName ? '' : (item.nameId ?? '')}
        onChange={({ target }) =>
          change(target.value ? { nameId: target.value, customName: '' } : { nameId: null })
        }
      >
        {nameChoices(item.nameId).map((name) => (
          <option key={name.id} value={name.id}>
            {say(language, name)}
          </option>
        ))}
        <option value="">{words('reading.vesselOwnName')}</option>
      </select>
      {(item.nameId === null || item.customName !== '') && (
        <>
          <label htmlFor="mask-own">{words('reading.vesselOwnName')}</label>
          <span className="field">
            <input
              id="mask-own"
              value={item.customName}
              maxLength={64}
              onChange={({ target }) => change({ customName: target.value })}
            />
          </span>
        </>
      )}
    </>
  );
}

function Look({ session, item }: DetailProps & { readonly item: MaskItem }) {
  const words = useWords();
  const change = (look: Partial<MaskLook>): void => maskDo(session, { kind: 'look', id: item.id, look });
  return (
    <div className="mask-edit">
      <NameFields item={item} change={change} />
      <label htmlFor="mask-colour">{words('reading.maskColour')}</label>
      <input
        id="mask-colour"
        type="color"
        value={hexOf(item.colour)}
        onChange={({ target }) => change({ colour: colourOf(target.value) })}
      />
      <label htmlFor="mask-opacity">{words('reading.maskOpacity')}</label>
      <input
        id="mask-opacity"
        className="slider"
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={item.opacity}
        onChange={({ target }) => change({ opacity: Number(target.value) })}
      />
      <span>{words('reading.maskRole')}</span>
      <Choices
        label={words('reading.maskRole')}
        choices={[
          {
            value: 'shown' as const,
            name: words('reading.maskRole.shown'),
            data: { 'data-role': 'shown' },
          },
          {
            value: 'removed' as const,
            name: words('reading.maskRole.removed'),
            data: { 'data-role': 'removed' },
          },
        ]}
        chosen={item.role}
        onChoose={(role) => change({ role })}
      />
    </div>
  );
}

/** Islands smaller than this are dropped, in ml. */
const islandMl = 1;
const refinements: readonly (readonly [ReadingTerm, ReshapeInput['how'], number])[] = [
  ['reading.maskFill', 'fill', 0],
  ['reading.maskIslands', 'islands', islandMl],
  ['reading.maskLargest', 'largest', 0],
  ['reading.maskDilate', 'dilate', 1],
  ['reading.maskErode', 'erode', 1],
  ['reading.maskSmooth', 'open', 1.5],
];

function Refine({ session }: DetailProps) {
  const words = useWords();
  const busy = useReading(session, (s) => s.maskWork.busy !== null);
  return (
    <div className="row-buttons">
      {refinements.map(([term, how, amount]) => (
        <Button
          key={term}
          size="small"
          disabled={busy}
          data-reshape={how}
          onClick={() => void maskMaker(session).reshape(how, amount)}
        >
          {words(term)}
        </Button>
      ))}
    </div>
  );
}
