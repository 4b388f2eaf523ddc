import { Search } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { Problem } from '../../../core/base/problem.ts';
import type { CallOutput } from '../../../core/contract/index.ts';
import { readingTerms } from '../../../core/terms/reading.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { client } from '../../app/client.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { Icon } from '../../ui/controls.tsx';

type Tags = CallOutput<'instance.tags'>;
type Row = Tags['rows'][number];

/** Rows in which every word occurs: in tag, keyword, Chinese name or value. */
export function matchingRows(rows: readonly Row[], query: string): readonly Row[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = `${row.tag} ${row.tag.replace(/[(),]/g, '')} ${row.keyword} ${row.nameZh} ${row.value}`;
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  });
}

const settleMs = 150;
const rowsMost = 400;

function useTags(instanceKey: string): Tags | Problem | null {
  const [tags, setTags] = useState<{ readonly of: string; readonly is: Tags | Problem } | null>(null);
  useEffect(() => {
    let isStale = false;
    // While scrolling through a stack nothing is asked.
    const timer = setTimeout(async () => {
      const result = await client().call('instance.tags', { instanceKey });
      if (!isStale) setTags({ of: instanceKey, is: result.ok ? result.value : result.problem });
    }, settleMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [instanceKey]);
  return tags?.of === instanceKey ? tags.is : null;
}

/** The whole data set of the image on screen, searchable. */
export function TagsPanel({
  instanceKey,
  imageNumber,
}: {
  readonly instanceKey: string;
  readonly imageNumber: number;
}) {
  const t = useT();
  const language = useLanguage();
  const tags = useTags(instanceKey);
  const [query, setQuery] = useState('');
  const rows = useMemo(() => (tags && 'rows' in tags ? matchingRows(tags.rows, query) : []), [tags, query]);
  return (
    <section className="tags" aria-label={t(readingTerms['reading.tags'])}>
      <div className="tags-head">
        <label className="field">
          <Icon of={Search} size={16} />
          <input
            type="search"
            value={query}
            placeholder={t(readingTerms['reading.findTag'])}
            aria-label={t(readingTerms['reading.findTag'])}
            onChange={(event) => setQuery(event.target.value)}
          />
        </label>
        <span className="cap">{t(readingTerms['reading.tagsOf'], { n: imageNumber })}</span>
      </div>
      <ul className="tags-list selectable">
        {rows.slice(0, rowsMost).map((row, n) => (
          <li key={`${row.depth}-${row.tag}-${rows.indexOf(row, n)}`} style={{ paddingLeft: row.depth * 12 }}>
            <span className="tag-name">
              {language === 'zh-CN' && row.nameZh ? row.nameZh : row.keyword || row.tag}
            </span>
            <span className="tag-id">
              {row.tag} {row.vr}
            </span>
            <span className="tag-value">{row.value}</span>
          </li>
        ))}
      </ul>
      {tags && 'code' in tags && <p className="hint">{problemText(language, tags).sentence}</p>}
      {tags && 'rows' in tags && rows.length === 0 && (
        <p className="hint">{t(readingTerms['reading.noTags'])}</p>
      )}
      {tags && 'rows' in tags && (tags.truncated || rows.length > rowsMost) && (
        <p className="hint">{t(readingTerms['reading.tagsTruncated'])}</p>
      )}
    </section>
  );
}
