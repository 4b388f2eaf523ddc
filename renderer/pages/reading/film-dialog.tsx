import { fixed } from '../../../core/measure/format.ts';
import { Button } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { windowSetting } from '../../viewport/windowing.ts';
import { Choices } from './choices.tsx';
import {
  type ExportDraft,
  exportCall,
  type FilmDraft,
  filmAxes,
  filmFaults,
  filmFormats,
  type PictureDraft,
  pictureSize,
  pictureTimes,
  type Windows,
} from './film-draft.ts';
import { saveFilm } from './film-made.ts';
import { FormRow } from './form-row.tsx';
import { filmMasks } from './masks/film-masks.ts';
import type { MprView } from './mpr-view.ts';
import { NumberField } from './number-field.tsx';
import type { ReadingSession } from './reading-session.ts';
import { useReading, useWords } from './use-words.ts';
import './export.css';

/** A film of the 3D view, or a picture of a viewport in more pixels than the screen has. */
export function FilmDialog({ session }: { readonly session: ReadingSession }) {
  const draft = useReading(session, (s) => s.film);
  const view = useReading(session, (s) => s.mpr);
  return draft && view ? <OpenFilmDialog session={session} draft={draft} view={view} /> : null;
}

/** Windows as the viewports have them. */
function windowsOf(session: ReadingSession, view: MprView): Windows | null {
  const stack = session.mprStack();
  if (!stack) return null;
  const planes = windowSetting(view.window, session.isFileInverted(stack, 0));
  return { planes, volume: stack.unit === 'HU' ? null : planes };
}

interface FilmProps {
  readonly session: ReadingSession;
  readonly draft: ExportDraft;
  readonly view: MprView;
}

function OpenFilmDialog({ session, draft, view }: FilmProps) {
  const words = useWords();
  const close = (): void => session.set({ film: null });
  const stack = session.mprStack();
  const windows = windowsOf(session, view);
  const call = stack && windows && exportCall(view, draft, stack.group.id, windows);
  // Without the patient's name: files lie about.
  const part = draft.kind === 'film' ? '3D' : draft.of === 'volume' ? '3D' : draft.of;
  const name = `Candela Se${stack?.plan.common.SeriesNumber ?? 0} ${part}`;
  const save = async (): Promise<void> => {
    const is3d = draft.kind === 'film' || draft.of === 'volume';
    const masks = is3d ? await filmMasks(session) : {};
    if (call && (await saveFilm(session, { ...call, ...masks }, name))) close();
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
          void save();
        }}
      >
        {draft.kind === 'film' ? (
          <Film draft={draft} change={(changed) => session.set({ film: { ...draft, ...changed } })} />
        ) : (
          <Picture draft={draft} change={(changed) => session.set({ film: { ...draft, ...changed } })} />
        )}
        <footer className="dlg-foot">
          <Button onClick={close}>{words('reading.cancel')}</Button>
          <Button tone="primary" type="submit" disabled={!call} data-save={draft.kind} data-first-focus="">
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

function Picture({
  draft,
  change,
}: {
  readonly draft: PictureDraft;
  change(part: Partial<PictureDraft>): void;
}) {
  const words = useWords();
  const size = pictureSize(draft, draft.times);
  return (
    <>
      <FormRow label={words('reading.pictureTimes')}>
        <Choices
          label={words('reading.pictureTimes')}
          choices={pictureTimes
            .filter((times) => pictureSize(draft, times) !== null)
            .map((value) => ({ value, name: `${value}×`, data: { 'data-times': String(value) } }))}
          chosen={draft.times}
          onChoose={(times) => change({ times })}
        />
        <em>{size && `${size.width} × ${size.height}`}</em>
      </FormRow>
      <p className="export-hint">{words('reading.picturePlain')}</p>
    </>
  );
}
