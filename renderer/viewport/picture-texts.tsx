import { Check, Info, TriangleAlert } from 'lucide-react';
import { Fragment, memo, type ReactNode } from 'react';
import type { EdgeLetters } from '../../core/geometry/orientation.ts';
import { readingTerms } from '../../core/terms/reading.ts';
import { unbroken } from '../../core/terms/unbroken.ts';
import { useApp } from '../app/app-store.ts';
import { useT } from '../app/language.ts';
import { Icon } from '../ui/controls.tsx';
import { type Badge, isOfVerdict } from './badges.ts';
import type { WhoText } from './corner-texts.ts';
import type { ScaleBar } from './scale-bar.ts';

const icons = { check: Check, info: Info, alert: TriangleAlert } as const;

/** Lines stay lines: the corner's style keeps line feeds. */
const textOf = (lines: readonly string[]): string => lines.join('\n');

export function Badges({
  badges,
  onExplain,
}: {
  readonly badges: readonly Badge[];
  onExplain?(badge: Badge): void;
}) {
  const t = useT();
  return (
    <div className="bds">
      {badges.map((badge) => {
        const inner = (
          <>
            {badge.icon && <Icon of={icons[badge.icon]} size={12} />}
            {t(readingTerms[badge.term], badge.params)}
          </>
        );
        const name = `bd ${badge.tone}`;
        const tip = badge.tip && t(readingTerms[badge.tip], badge.params);
        return isOfVerdict(badge) && onExplain ? (
          <button
            key={badge.id}
            type="button"
            className={name}
            data-control
            data-badge={badge.id}
            data-tip={tip ?? t(readingTerms['reading.whyVerdict'])}
            onClick={() => onExplain(badge)}
          >
            {inner}
          </button>
        ) : (
          <span key={badge.id} className={name} data-control data-badge={badge.id} data-tip={tip}>
            {inner}
          </span>
        );
      })}
    </div>
  );
}

export type TextAmount = 'all' | 'few' | 'none';

export interface PictureTextsProps {
  /**
   * `none` leaves badges, the name while several patients are open, and letters of a picture that hangs otherwise than
   * expected; `few` leaves the name, the image number and the letters.
   */
  readonly amount: TextAmount;
  readonly who: WhoText | null;
  readonly where: readonly string[];
  readonly shown: readonly string[];
  readonly taken: readonly string[];
  readonly badges: readonly Badge[];
  readonly letters: EdgeLetters | null;
  readonly bar: ScaleBar | null | undefined;
  readonly plane?: { readonly name: string; readonly colour: string };
  onExplain?(badge: Badge): void;
  /** Over the lines of the bottom left corner, where it moves none of them: the value under the pointer. */
  readonly children?: ReactNode;
}

/** Left and right, front and back, head and feet lie elsewhere than a reader takes for granted. */
export const isUnusual = ({ left, top }: EdgeLetters): boolean => /^[LP]/.test(left) || /^[PF]/.test(top);

/** Lines that break between what they tell, not between a number and its unit. */
function Whole({ lines }: { readonly lines: readonly string[] }) {
  return lines.map((line, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place; nothing in it has a state.
    <Fragment key={row}>
      {row > 0 && '\n'}
      {line.split('  ').map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: as above.
        <Fragment key={place}>
          {place > 0 && '  '}
          <span className="whole">{unbroken(part)}</span>
        </Fragment>
      ))}
    </Fragment>
  ));
}

/** Corner texts, badges, edge letters and scale bar over a picture. */
export const PictureTexts = memo(function PictureTexts(props: PictureTextsProps) {
  const { amount, who, where, shown, taken, badges, letters, bar, plane } = props;
  const isAll = amount === 'all';
  const isManyPatients = useApp((s) => new Set(s.openStudies.map(({ patient }) => patient)).size > 1);
  const saysWho = amount !== 'none' || isManyPatients;
  const isNamed = Boolean(who?.name || who?.latin);
  // Without a name the ID stands in its place: every picture says whose it is, however small it is.
  const [identity = '', ...afterIdentity] = who && !isNamed ? who.lines : [];
  const below = isNamed ? (who?.lines ?? []) : afterIdentity;
  return (
    <>
      <div className="tx tl">
        {saysWho && who && isNamed && (
          <>
            <span className="n">
              <b>{who.name}</b>
            </span>{' '}
            {who.latin}
            <br />
          </>
        )}
        {saysWho && identity && (
          <>
            <b>{identity}</b>
            <br />
          </>
        )}
        {isAll && below.length > 0 && <span className="more">{textOf(below)}</span>}
        {plane && (
          <>
            {isAll && below.length > 0 && <br className="more" />}
            <i className="pl" style={{ background: plane.colour }} />
            <b style={{ color: plane.colour }}>{plane.name}</b>
          </>
        )}
      </div>
      <div className="tx tr_">
        {isAll && <span className="more">{textOf(where)}</span>}
        <Badges badges={badges} {...(props.onExplain && { onExplain: props.onExplain })} />
      </div>
      {amount !== 'none' && (
        <>
          <div className="tx bl">
            {props.children}
            <Whole lines={isAll ? shown : shown.slice(0, 1)} />
          </div>
          <div className="tx br">
            {isAll && taken.length > 1 && (
              <span className="more">
                <Whole lines={taken.slice(0, -1)} />
                {'\n'}
              </span>
            )}
            {unbroken(taken.at(-1) ?? '')}
          </div>
        </>
      )}
      {letters && (amount !== 'none' || isUnusual(letters)) && (
        <>
          <div className="ed l">{letters.left}</div>
          <div className="ed r">{letters.right}</div>
          <div className="ed t">{letters.top}</div>
          <div className="ed b">{letters.bottom}</div>
        </>
      )}
      {bar && isAll && (
        <div className="ruler" style={{ height: bar.lengthPx, marginBottom: -bar.lengthPx / 2 }}>
          <span>{bar.label}</span>
        </div>
      )}
    </>
  );
});
