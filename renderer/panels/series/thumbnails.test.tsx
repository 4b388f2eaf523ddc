import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { SeriesRow, StudyRow } from '../../../core/contract/studies.ts';
import { readingTerms } from '../../../core/terms/reading.ts';
import { say } from '../../../core/terms/term.ts';
import { useApp } from '../../app/app-store.ts';
import { Thumbnails } from './thumbnails.tsx';

const study = { studyKey: 'study', studyDate: '20261127', modalities: ['CT'] } as unknown as StudyRow;
const heart = { seriesKey: 'a', category: 'image', modality: 'CT', number: 3 } as unknown as SeriesRow;

/** The column of a study whose one series has so many stacks (phases), of which the n-th is shown. */
function column(total: number, group: number, isShown = true): string {
  const groups = Array.from({ length: total }, (_, n) => `phase ${n * 10} %`);
  return renderToStaticMarkup(
    <Thumbnails
      study={study}
      series={[heart]}
      priors={[]}
      stripe="#fff"
      stateOf={() => ({ arrived: 1, seen: 0, isShown, groups, group })}
      onShow={() => undefined}
      onOpenPrior={() => undefined}
    />,
  );
}

/** In the language that the page begins in: what is drawn without a browser never leaves it. */
const counted = (n: number, total: number): string =>
  say(useApp.getInitialState().language, readingTerms['reading.stackOf'], { n, total });
const listed = (html: string): number => html.split('data-group=').length - 1;

describe('the list of stacks below a series', () => {
  it('says how many there are where they do not fit, and which is shown', () => {
    expect(column(10, 2)).toContain(`>${counted(3, 10)}<`);
    expect(column(9, 8)).toContain(`>${counted(9, 9)}<`);
    expect(column(8, 2)).not.toContain(counted(3, 8));
  });
  it('names each, marks the one shown, and is there only for several of the series on screen', () => {
    const html = column(10, 2);
    expect(listed(html)).toBe(10);
    expect(html).toMatch(/class="on"[^>]*aria-pressed="true"[^>]*data-group="2"/);
    expect(html.split('aria-pressed="true"').length - 1).toBe(1);
    expect(listed(column(1, 0))).toBe(0);
    expect(listed(column(10, 2, false))).toBe(0);
  });
});
