import { fixed } from '../../../../core/measure/format.ts';
import type { Projection } from '../../../../core/scene/types.ts';
import { Button } from '../../../ui/controls.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Choices } from '../choices.tsx';
import { FormRow } from '../form-row.tsx';
import { NumberField } from '../number-field.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';
import { type BatchDraft, countThrough, draftCall, faultsOf, withKind } from './batch-draft.ts';
import { projections, usualSlabMm } from './mpr-commands.ts';
import { planeCalled } from './mpr-picture.ts';
import type { MprView } from './mpr-view.ts';
import { saveBatch } from './series-made.ts';
import '../export/export.css';

/** Planes as a new series: which ones, how thick, how large. The others show them as lines meanwhile. */
export function BatchDialog({ session }: { readonly session: ReadingSession }) {
  const draft = useReading(session, (s) => s.batch);
  const view = useReading(session, (s) => s.mpr);
  return draft && view ? <OpenBatchDialog session={session} draft={draft} view={view} /> : null;
}

interface BatchProps {
  readonly session: ReadingSession;
  readonly draft: BatchDraft;
  readonly view: MprView;
}

const modeTerms = {
  none: 'reading.plane',
  mip: 'reading.mip',
  minip: 'reading.minip',
  mean: 'reading.mean',
} as const;

function OpenBatchDialog({ session, draft, view }: BatchProps) {
  const words = useWords();
  const faults = faultsOf(draft);
  const close = (): void => session.set({ batch: null });
  const change = (part: Partial<BatchDraft>): void => session.set({ batch: { ...draft, ...part } });
  const save = async (): Promise<void> => {
    const stack = session.mprStack();
    if (!stack || faults.size > 0) return;
    const { voi } = view.window;
    const window = voi.kind === 'window' ? { centre: voi.center, width: voi.width } : null;
    if (await saveBatch(session, draftCall(view, draft, stack.group.id, window))) close();
  };
  return (
    <Dialog
      title={words('reading.savePlanes').replace('…', '')}
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
        <Which draft={draft} view={view} faults={faults} change={change} />
        <HowLarge draft={draft} faults={faults} change={change} />
        <footer className="dlg-foot">
          <Button onClick={close}>{words('reading.cancel')}</Button>
          <Button
            tone="primary"
            type="submit"
            disabled={faults.size > 0}
            data-save="planes"
            data-first-focus=""
          >
            {words('reading.batchSave')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

interface PartProps {
  readonly draft: BatchDraft;
  readonly faults: ReadonlySet<keyof BatchDraft>;
  change(part: Partial<BatchDraft>): void;
}

/** Parallel or radial planes, how many, how thick. */
function Which({ draft, view, faults, change }: PartProps & { readonly view: MprView }) {
  const words = useWords();
  const { kind, count, stepMm } = draft;
  const isRadial = kind === 'radial';
  const note = isRadial
    ? words('reading.batchTurn', { deg: fixed(180 / count, 1) })
    : words('reading.batchStretch', { mm: fixed((count - 1) * stepMm, 1) });
  const setStep = (mm: number): void => {
    const next = { ...draft, stepMm: mm };
    change({ stepMm: mm, ...(mm > 0 && draft.about === 'volume' && { count: countThrough(view, next) }) });
  };
  return (
    <>
      <FormRow label={words('reading.batchOf')}>
        <b>{words(`reading.${planeCalled(view, draft.of).name}`)}</b>
      </FormRow>
      <FormRow label={words('reading.batchKind')}>
        <Choices
          label={words('reading.batchKind')}
          choices={(['parallel', 'radial'] as const).map((value) => ({
            value,
            name: words(`reading.batch.${value}`),
            data: { 'data-kind': value },
          }))}
          chosen={kind}
          onChoose={(next) => change(withKind(view, draft, next))}
        />
      </FormRow>
      <FormRow label={words('reading.batchAbout')}>
        <Choices
          label={words('reading.batchAbout')}
          choices={(['volume', 'cross'] as const).map((value) => ({
            value,
            name: words(`reading.batchAbout.${value}`),
            data: { 'data-about': value },
          }))}
          chosen={draft.about}
          onChoose={(about) => change({ about })}
        />
      </FormRow>
      <FormRow label={words('reading.batchCount')}>
        <NumberField
          label={words('reading.batchCount')}
          value={count}
          step={1}
          data="count"
          isWrong={faults.has('count')}
          onChange={(n) => change({ count: n })}
        />
        <em>{faults.size === 0 && note}</em>
      </FormRow>
      {!isRadial && (
        <FormRow label={words('reading.batchStep')}>
          <NumberField
            label={words('reading.batchStep')}
            value={stepMm}
            data="step"
            isWrong={faults.has('stepMm')}
            onChange={setStep}
          />
        </FormRow>
      )}
      <Thickness draft={draft} faults={faults} change={change} />
    </>
  );
}

/** One thin plane each, or a slab. */
function Thickness({ draft, faults, change }: PartProps) {
  const words = useWords();
  const { slabMm, projection } = draft;
  const setProjection = (next: Projection): void =>
    change({ projection: next, slabMm: next === 'none' ? 0 : slabMm || usualSlabMm[next] });
  return (
    <>
      <FormRow label={words('reading.slab')}>
        <Choices
          label={words('reading.slabMode')}
          choices={projections.map((value) => ({
            value,
            name: words(modeTerms[value]),
            data: { 'data-mode': value },
          }))}
          chosen={projection}
          onChoose={setProjection}
        />
      </FormRow>
      {projection !== 'none' && (
        <FormRow label={words('reading.batchThickness')}>
          <NumberField
            label={words('reading.batchThickness')}
            value={slabMm}
            data="slab"
            isWrong={faults.has('slabMm')}
            onChange={(mm) => change({ slabMm: mm })}
          />
        </FormRow>
      )}
    </>
  );
}

/** Pixels of each picture, and what the series is called. */
function HowLarge({ draft, faults, change }: PartProps) {
  const words = useWords();
  const { width, height, spacingMm } = draft;
  const field = { width: fixed(width * spacingMm, 0), height: fixed(height * spacingMm, 0) };
  return (
    <>
      <FormRow label={words('reading.batchSize')}>
        <NumberField
          label={words('reading.batchSize')}
          value={width}
          step={1}
          data="width"
          isWrong={faults.has('width')}
          onChange={(n) => change({ width: n })}
        />
        <NumberField
          label={words('reading.batchSize')}
          value={height}
          step={1}
          data="height"
          isWrong={faults.has('height')}
          onChange={(n) => change({ height: n })}
        />
      </FormRow>
      <FormRow label={words('reading.batchSpacing')}>
        <NumberField
          label={words('reading.batchSpacing')}
          value={spacingMm}
          data="spacing"
          isWrong={faults.has('spacingMm')}
          onChange={(mm) => change({ spacingMm: mm })}
        />
        <em>{faults.size === 0 && words('reading.batchField', field)}</em>
      </FormRow>
      <FormRow label={words('reading.batchName')}>
        <span className="field grow">
          <input
            type="text"
            maxLength={64}
            value={draft.name}
            aria-label={words('reading.batchName')}
            aria-invalid={faults.has('name')}
            data-field="name"
            onChange={({ target }) => change({ name: target.value })}
          />
        </span>
      </FormRow>
    </>
  );
}
