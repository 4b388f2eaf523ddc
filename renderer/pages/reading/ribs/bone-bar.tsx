import { useMemo } from 'react';
import { useStore } from 'zustand';
import { ribMark } from '../../../../core/analysis/ribs/bone-names.ts';
import { boneReport } from '../../../../core/analysis/ribs/labels.ts';
import { boneSentences } from '../../../../core/terms/bones.ts';
import { say } from '../../../../core/terms/term.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { useLanguage } from '../../../app/language.ts';
import { Button, Progress } from '../../../ui/controls.tsx';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useStackArrivals } from '../use-arrivals.ts';
import { useWords } from '../use-words.ts';
import { boneMaker } from './bone-maker.ts';
import { isNamed, type StudyBones } from './study-bones.ts';

interface BarProps {
  readonly session: ReadingSession;
  readonly stack: OpenStack;
}

const percentOf = (done: number): string => String(Math.round(done * 100));

/** Before there are bones: what will be sought, how far it is, why there are none. */
export function BoneStart({ session, stack }: BarProps) {
  const words = useWords();
  const language = useLanguage();
  const maker = boneMaker(session);
  const { busy, problem } = useStore(maker.work);
  useStackArrivals(stack);
  return (
    <div className="vp-note" data-plane="ribs">
      <div className="bone-start">
        {busy ? (
          <Busy session={session} />
        ) : (
          <>
            <p>{words('reading.ribsIntro')}</p>
            {problem && <p className="limit">{problemText(language, problem).sentence}</p>}
            <Button tone="primary" disabled={!stack.isWhole} data-find-ribs onClick={() => void maker.find()}>
              {words(stack.isWhole ? 'reading.ribsFind' : 'reading.ribsWait')}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

function Busy({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const maker = boneMaker(session);
  const busy = useStore(maker.work, (s) => s.busy);
  if (!busy) return null;
  const term = busy.what === 'find' ? 'reading.ribsFinding' : 'reading.ribAdding';
  const text = words(term, { percent: percentOf(busy.done) });
  return (
    <>
      <span data-bones-busy>{text}</span>
      <Progress part={busy.done} name={text} width={120} />
      <Button size="small" onClick={() => maker.stop()}>
        {words('reading.cancel')}
      </Button>
    </>
  );
}

/** Under the sheet: what to do next, what must be checked, and the ways to mend. */
export function BoneBar({ session, shown, stack }: BarProps & { readonly shown: StudyBones }) {
  const words = useWords();
  const maker = boneMaker(session);
  const { busy, adding } = useStore(maker.work);
  const hasName = isNamed(shown.bones);
  const ask = adding ? words(adding.length === 0 ? 'reading.ribAddFirst' : 'reading.ribAddSecond') : null;
  return (
    <div className="phases bone-bar" data-control>
      {busy ? (
        <Busy session={session} />
      ) : (
        <>
          {ask ? <span className="ask">{ask}</span> : <Report shown={shown} hasName={hasName} />}
          {adding ? (
            <Button size="small" onClick={() => maker.stop()}>
              {words('reading.cancel')}
            </Button>
          ) : (
            <>
              <Button size="small" data-add-rib onClick={() => maker.startAdding()}>
                {words('reading.ribAdd')}
              </Button>
              <Button size="small" disabled={!stack.isWhole} onClick={() => void maker.find()}>
                {words('reading.ribsAgain')}
              </Button>
            </>
          )}
        </>
      )}
    </div>
  );
}

/** How many, what is missing, given twice, cut off or broken; nothing is said of what is in order. */
function Report({ shown, hasName }: { readonly shown: StudyBones; readonly hasName: boolean }) {
  const words = useWords();
  const language = useLanguage();
  const { bones } = shown;
  const { notes, count } = useMemo(() => {
    const report = boneReport(bones);
    const marks = (list: readonly { readonly side: 'left' | 'right'; readonly number: number | null }[]) =>
      list.map(({ side, number }) => ribMark(side, number)).join(' ');
    const weak = bones.ribs.filter(({ id }) => report.weakRibs.includes(id));
    const cut = bones.ribs.filter(({ isCut }) => isCut);
    const says = (key: keyof typeof boneSentences, mark: string): string[] =>
      mark === '' ? [] : [say(language, boneSentences[key], { mark })];
    const made = [
      ...says('bone.missing', marks(report.missingRibs)),
      ...says('bone.doubled', marks(report.doubledRibs)),
      ...says('bone.weak', marks(weak)),
      ...says('bone.cut', marks(cut)),
      ...(report.extraRibs.length > 0
        ? [say(language, boneSentences['bone.extra'], { n: report.extraRibs.length })]
        : []),
    ];
    return { notes: made, count: report.ribCount };
  }, [bones, language]);
  if (!hasName) return <span className="ask">{say(language, boneSentences['bone.anchor.ask'])}</span>;
  return (
    <>
      <span data-rib-count={count}>{words('reading.ribsCount', { n: count })}</span>
      {notes.length > 0 && (
        <span className="check" data-tip={notes.join('\n')}>
          {notes.join(' · ')}
        </span>
      )}
    </>
  );
}
