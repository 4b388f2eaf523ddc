import { useState } from 'react';
import { fixed } from '../../../../core/measure/format.ts';
import { planeNames } from '../../../../core/scene/mpr.ts';
import type { WindowSetting } from '../../../../core/scene/types.ts';
import { useT } from '../../../app/language.ts';
import { Button, Switch } from '../../../ui/controls.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Choices } from '../choices.tsx';
import { FormRow } from '../form-row.tsx';
import { fusedFilm } from '../fusion/fusion.ts';
import { filmMasks } from '../masks/film-masks.ts';
import { lacksMask } from '../masks/preset-masks.ts';
import { planeCalled } from '../mpr/mpr-picture.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import { NumberField } from '../number-field.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { shownImage } from '../session/shown-image.ts';
import { saveSizedPicture } from '../sized/sized-picture.ts';
import { useReading, useWords } from '../use-words.ts';
import {
  type ExportDraft,
  exportCall,
  type FilmDraft,
  filmAxes,
  filmFaults,
  filmFormats,
  type PictureDraft,
  pictureMost,
  pictureSize,
  pictureTimes,
} from './film-draft.ts';
import { saveFilm } from './film-made.ts';
import './export.css';
import { windowIn3d } from '../volume/window-in-3d.ts';

/** A film of the 3D view, or a picture of a viewport in more pixels than the screen has. */
export function FilmDialog({ session }: { readonly session: ReadingSession }) {
  const draft = useReading(session, (s) => s.film);
  const view = useReading(session, (s) => s.mpr);
  if (!draft || (draft.kind === 'film' && !view)) return null;
  return <OpenFilmDialog session={session} draft={draft} view={view} />;
}

/** Of projections in 3D of values that are no HU: as the page shows them. */
function volumeWindow(session: ReadingSession, view: MprView): WindowSetting | null {
  const stack = session.mprStack();
  if (!stack) return null;
  return windowIn3d(stack, view.window, view.presetId, session.isFileInverted(stack, 0));
}

interface FilmProps {
  readonly session: ReadingSession;
  readonly draft: ExportDraft;
  /** Of the planes; a stack has none. */
  readonly view: MprView | null;
}

function OpenFilmDialog({ session, draft, view }: FilmProps) {
  const words = useWords();
  const close = (): void => session.set({ film: null });
  const [isBusy, setBusy] = useState(false);
  const stack = session.shownStack();
  const own = draft.kind === 'picture' && draft.of !== 'volume' ? draft.of : null;
  const second = own ? null : fusedFilm(session);
  const isBare = lacksMask(session.state, stack?.group.id);
  const window = view && volumeWindow(session, view);
  const call = view && stack && exportCall(view, draft, stack.group.id, window, second, isBare);
  const canSave = draft.kind === 'picture' && own ? pictureSize(draft) !== null : Boolean(call);
  // Without the patient's name: files lie about. A plane says itself which series lie over each other.
  const over = second ? ` with ${second.name}` : '';
  const plane = planeNames.find((name) => name === own);
  const shown = view && plane ? planeCalled(view, plane).name : own;
  const part = own === 'stack' ? `Im${shownImage(session)}` : (shown ?? '3D');
  const name = `Candela Se${stack?.plan.common.SeriesNumber ?? 0}${over} ${part}`;
  const save = async (): Promise<boolean> => {
    if (draft.kind === 'picture' && own) return saveSizedPicture(session, draft, own, `${name}.png`);
    return call ? saveFilm(session, { ...call, ...(await filmMasks(session)) }, name) : false;
  };
  const submit = async (): Promise<void> => {
    if (isBusy || !canSave) return;
    setBusy(true);
    if (await save()) close();
    else setBusy(false);
  };
  return (
    <Dialog
      title={words(draft.kind === 'film' ? 'reading.saveFilm' : 'reading.saveSized').replace('…', '')}
      closeName={words('reading.close')}
      className="export-dlg"
      onClose={close}
    >
      <form
        className="export-form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {draft.kind === 'film' ? (
          <Film draft={draft} change={(changed) => session.set({ film: { ...draft, ...changed } })} />
        ) : (
          <Picture draft={draft} change={(changed) => session.set({ film: { ...draft, ...changed } })} />
        )}
        <footer className="dlg-foot">
          <Button onClick={close}>{words('reading.cancel')}</Button>
          <Button
            tone="primary"
            type="submit"
            disabled={!canSave || isBusy}
            data-save={draft.kind}
            data-first-focus=""
          >
            {words(
              draft.kind === 'film' && draft.format === 'dcm' ? 'reading.batchSave' : 'reading.filmSave',
            )}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

const hints = {
  mp4: 'reading.filmEncoder',
  webm: 'reading.filmEncoder',
  avi: null,
  dcm: 'reading.filmInStudy',
} as const;

interface FilmPartProps {
  readonly draft: FilmDraft;
  change(part: Partial<FilmDraft>): void;
}

/** Format and axis, then the numbers. */
function Film({ draft, change }: FilmPartProps) {
  const words = useWords();
  const { format } = draft;
  const faults = filmFaults(draft);
  const isOdd = draft.width % 2 === 1 || draft.height % 2 === 1;
  const hint = hints[format];
  return (
    <>
      <FormRow label={words('reading.filmFormat')}>
        <Choices
          label={words('reading.filmFormat')}
          choices={filmFormats.map((value) => ({
            value,
            name: { mp4: 'MP4', webm: 'WebM', avi: 'AVI', dcm: 'DICOM' }[value],
            data: { 'data-format': value },
          }))}
          chosen={format}
          onChoose={(next) => change({ format: next })}
        />
      </FormRow>
      <FormRow label={words('reading.filmAxis')}>
        <Choices
          label={words('reading.filmAxis')}
          choices={filmAxes.map((value) => ({
            value,
            name: words(`reading.filmAxis.${value}`),
            data: { 'data-axis': value },
          }))}
          chosen={draft.axis}
          onChoose={(axis) => change({ axis })}
        />
      </FormRow>
      <FilmNumbers draft={draft} change={change} />
      {hint && <p className="export-hint">{words(hint)}</p>}
      {isOdd && faults.size > 0 && <p className="export-hint warn">{words('reading.filmEven')}</p>}
    </>
  );
}

function FilmNumbers({ draft, change }: FilmPartProps) {
  const words = useWords();
  const { frames, seconds } = draft;
  const faults = filmFaults(draft);
  const number = (key: 'frames' | 'seconds' | 'width' | 'height', label: string) => (
    <NumberField
      label={label}
      value={draft[key]}
      data={key}
      isWrong={faults.has(key)}
      onChange={(n) => change({ [key]: n })}
      {...(key !== 'seconds' && { step: 1 })}
    />
  );
  return (
    <>
      <FormRow label={words('reading.filmFrames')}>
        {number('frames', words('reading.filmFrames'))}
        <em>{faults.size === 0 && words('reading.filmRate', { n: fixed(frames / seconds, 1) })}</em>
      </FormRow>
      <FormRow label={words('reading.filmSeconds')}>
        {number('seconds', words('reading.filmSeconds'))}
      </FormRow>
      <FormRow label={words('reading.batchSize')}>
        {number('width', words('reading.batchSize'))}
        {number('height', words('reading.batchSize'))}
      </FormRow>
    </>
  );
}

const amounts = ['all', 'few', 'none'] as const;

/** How large; of all but 3D also how much of what the viewport shows. */
function Picture({
  draft,
  change,
}: {
  readonly draft: PictureDraft;
  change(part: Partial<PictureDraft>): void;
}) {
  const words = useWords();
  const t = useT();
  const size = pictureSize(draft);
  const timesOf = (n: number): number => n * draft.size.width;
  return (
    <>
      <FormRow label={words('reading.pictureTimes')}>
        <Choices
          label={words('reading.pictureTimes')}
          choices={pictureTimes
            .filter((times) => pictureSize({ ...draft, width: timesOf(times) }) !== null)
            .map((times) => ({
              value: timesOf(times),
              name: `${times}×`,
              data: { 'data-times': String(times) },
            }))}
          chosen={draft.width}
          onChoose={(width) => change({ width })}
        />
      </FormRow>
      <FormRow label={words('reading.pictureWidth')}>
        <NumberField
          label={words('reading.pictureWidth')}
          value={draft.width}
          step={1}
          data="width"
          isWrong={size === null}
          onChange={(width) => change({ width })}
        />
        <em data-size>
          {size ? `${size.width} × ${size.height}` : words('reading.pictureMost', { n: String(pictureMost) })}
        </em>
      </FormRow>
      {draft.of === 'volume' ? (
        <p className="export-hint">{words('reading.picturePlain')}</p>
      ) : (
        <>
          <FormRow label={t('settings.pictureTexts')}>
            <Choices
              label={t('settings.pictureTexts')}
              choices={amounts.map((value) => ({
                value,
                name: t(`settings.pictureTexts.${value}`),
                data: { 'data-texts': value },
              }))}
              chosen={draft.texts}
              onChoose={(texts) => change({ texts })}
            />
          </FormRow>
          <FormRow label={words('reading.pictureMarks')}>
            <Switch
              isOn={draft.hasMarks}
              name={words('reading.pictureMarks')}
              words={t(draft.hasMarks ? 'settings.on' : 'settings.off')}
              onToggle={(hasMarks) => change({ hasMarks })}
            />
          </FormRow>
          <p className="export-hint">{words('reading.pictureAlways')}</p>
        </>
      )}
    </>
  );
}
