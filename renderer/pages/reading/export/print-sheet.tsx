import type { SeriesRow, StudyRow } from '../../../../core/contract/studies.ts';
import {
  formatDicomDate,
  formatDicomTime,
  formatMoment,
  type Moment,
} from '../../../../core/terms/format-date.ts';
import { formatAge, formatLatinName, formatName, formatSex } from '../../../../core/terms/format-person.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import { inOne } from '../../../../core/terms/term.ts';
import { useLanguage, useT } from '../../../app/language.ts';

export interface PictureSheetProps {
  readonly picture: HTMLCanvasElement;
  readonly study: StudyRow;
  /** Those that the picture shows. */
  readonly series: readonly SeriesRow[];
  /** Leaves out whom the pictures are of. */
  readonly isPrivate: boolean;
  readonly now: Moment;
}

const joined = (parts: readonly string[], separator = ' · '): string =>
  parts.filter((part) => part !== '').join(separator);

/** Wider than this lies better. */
const lyingFrom = 1.1;

/** One page: whose, what, where and when; the picture as it is on screen; what it may be used for. */
export function PictureSheet({ picture, study, series, isPrivate, now }: PictureSheetProps) {
  const t = useT();
  const language = useLanguage();
  const ratio = picture.width / picture.height;
  const when = joined(
    [
      study.studyDate && formatDicomDate(study.studyDate),
      study.studyTime && formatDicomTime(study.studyTime, true),
    ],
    ' ',
  );
  return (
    <section className={ratio > lyingFrom ? 'print-lying' : 'print-upright'}>
      <header className="print-head">
        <Who study={study} isPrivate={isPrivate} />
        <div>
          <div>{study.institution}</div>
          <div>{when}</div>
          <div>{joined([study.modalities.join(' '), study.description], ' ')}</div>
          {series.map((row) => (
            <div key={row.seriesKey}>
              {joined(
                [
                  row.number === null ? '' : t(readingTerms['reading.series'], { n: String(row.number) }),
                  row.description,
                ],
                ' ',
              )}
            </div>
          ))}
        </div>
      </header>
      <div
        className="print-picture"
        style={{ '--ratio': String(ratio) }}
        ref={(box) => box?.replaceChildren(picture)}
      />
      <footer className="print-foot">
        <div>
          {inOne(language, [t('print.scale'), t('print.noDiagnosis'), t('settings.notDiagnosisHint')])}
        </div>
        <div>
          Candela
          <br />
          {t('print.printed', { when: formatMoment(now) })}
        </div>
      </footer>
    </section>
  );
}

function Who({ study, isPrivate }: Pick<PictureSheetProps, 'study' | 'isPrivate'>) {
  const t = useT();
  const language = useLanguage();
  const demo = study.demo && <span className="print-demo">{t(readingTerms['reading.demo'])}</span>;
  if (isPrivate) {
    return (
      <div>
        {t('print.private')}
        {demo}
      </div>
    );
  }
  const name = formatName(study.patientName);
  const latin = formatLatinName(study.patientName, study.nameLatin);
  return (
    <div>
      <div className="print-name">
        {name || latin || t('studies.noName')}
        {study.charsetGuess && ' ?'} {name && <i>{latin}</i>}
        {demo}
      </div>
      <div>
        {joined([
          study.patientId && `ID ${study.patientId}`,
          study.sex && formatSex(language, study.sex),
          study.age && formatAge(language, study.age),
          study.birthDate && formatDicomDate(study.birthDate),
        ])}
      </div>
      {study.accessionNumber && (
        <div>
          {t('studies.col.accession')} {study.accessionNumber}
        </div>
      )}
    </div>
  );
}
