/** Searching 200,000 studies through the host beside one FTS statement for the same page. */
import { join } from 'node:path';
import { randomStream } from '../../core/phantom/random.ts';
import { dataFolder } from '../../main/host/folder.ts';
import { openReadable, openWritable, type WritableDatabase } from '../../main/host/store/open-database.ts';
import { nameFolded, searchValues } from '../../main/host/store/row-values.ts';
import { latinOfName, matchExpression, pinyinSyllables } from '../../main/host/store/search-tokens.ts';
import { studyColumns } from '../../main/host/store/study-row.ts';
import { listed, need, withHost } from './bench-host.ts';
import { type Figure, figure, median } from './figure.ts';
import { withScratch } from './scratch.ts';

const studies = 200_000;
const rounds = 41;
const queries = ['王伟', 'wangwei', 'ww', 'P0012', '增强', 'aorta'];

export const run = (): Promise<Figure[]> =>
  withScratch(async (scratch) => {
    const data = join(scratch, 'data');
    await withHost(data, async () => undefined);
    const { index } = dataFolder(data);
    const db = need(openWritable(index));
    fill(db);
    db.close();
    return withHost(data, async (host) => {
      const raw = openReadable(index);
      const figures: Figure[] = [];
      for (const query of queries) figures.push(await measure(host, raw, query));
      raw.close();
      return figures;
    });
  });

type Raw = ReturnType<typeof openReadable>;

/** Both give the newest 100 rows; ours also counts all matches and answers from a worker thread. */
async function measure(host: Parameters<typeof listed>[0], raw: Raw, query: string): Promise<Figure> {
  const statement = raw.prepare(
    `SELECT ${studyColumns} FROM studies WHERE id IN (SELECT rowid FROM study_search WHERE study_search MATCH ?)
     AND deleted_at_ms IS NULL ORDER BY study_date DESC, study_time DESC, id DESC LIMIT 100`,
  );
  const match = matchExpression(query) ?? '';
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const startMs = performance.now();
    const page = await listed(host, query);
    const betweenMs = performance.now();
    const rows = statement.all(match) as { readonly study_key: string }[];
    const endMs = performance.now();
    if (page.rows.length === 0 || rows.some((row, n) => row.study_key !== page.rows[n]?.studyKey)) {
      throw new Error(`${query}: other rows than the raw query`);
    }
    if (round === 0) continue;
    ours.push(betweenMs - startMs);
    theirs.push(endMs - betweenMs);
  }
  const goal = { ratioAtMost: 1.5, valueAtMost: 10 };
  return figure(`search.${query}`, 'ms', median(ours), 'one FTS5 statement', median(theirs), goal);
}

const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕'];
const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉萍红玲建国文辉力云凤洁梅琳素珍海燕'];
const western = ['Müller', 'Smith', 'García', 'Rossi', 'Tanaka', 'Kim', 'Novák', 'Andersson'];
const first = ['Anna', 'Ben', 'Clara', 'David', 'Eva', 'Finn', 'Greta', 'Hugo', 'Ida', 'Jan'];
const parts = ['胸部', '腹部', '头颅', '腰椎', '冠脉', 'chest', 'abdomen', 'aorta', 'brain', 'knee'];
const kinds = ['平扫', '增强', '三维重建', 'CTA', 'routine', 'follow-up'];
const modalities = ['CT', 'MR', 'DX', 'US', 'PT'];

interface Name {
  readonly alphabetic: string;
  readonly ideographic: string | null;
  readonly latin: string;
  readonly sort: string;
  readonly folded: string;
  readonly tokens: string;
}

function nameOf(n: number, random: () => number): Name {
  const text = textOf(n, random);
  const isChinese = n % 5 !== 0;
  const name = isChinese ? { alphabetic: '', ideographic: text } : { alphabetic: text };
  const sort = isChinese ? pinyinSyllables(text).join(' ') : text.replaceAll('^', ' ').toLowerCase();
  const { names } = searchValues({
    nameAlphabetic: name.alphabetic,
    nameIdeographic: isChinese ? text : null,
    namePhonetic: null,
    patientId: '',
    accession: '',
    studyDate: '',
    description: '',
    seriesTexts: [],
  });
  return {
    alphabetic: name.alphabetic,
    ideographic: isChinese ? text : null,
    latin: latinOfName(name),
    sort,
    folded: nameFolded(name.alphabetic, name.ideographic ?? null, null),
    tokens: names,
  };
}

/** Skewed as names are: the first of a list are common. A third of the names has one given character. */
function textOf(n: number, random: () => number): string {
  const common = (list: readonly string[]): string => list[Math.floor(list.length * random() ** 2)]!;
  if (n % 5 === 0) return `${common(western)}^${common(first)}`;
  return `${common(surnames)}${common(given)}${n % 3 === 0 ? '' : common(given)}`;
}

/** One in four came without; the others from doctors whose names are as long as names are. */
function referringOf(n: number): readonly [string, string] {
  if (n % 4 === 0) return ['', nameFolded('', null, null)];
  const letters = `${['Ward', 'Lindqvist', 'Oberhauser', 'Chen', 'Li'][n % 5]}^${first[n % first.length]}${n}`;
  if (n % 5 < 3) return [`${letters}^^Dr`, nameFolded(`${letters}^^Dr`, null, null)];
  const text = `${surnames[n % 9]}^${given[n % given.length]}`;
  return [`${letters}=${text}`, nameFolded(letters, text, null)];
}

/** The same archive for other questions. */
export const fillStudies = fill;

/** Rows as an import writes them, in one transaction; names are few, so that each is spelled out once. */
function fill(db: WritableDatabase): void {
  const random = randomStream(200);
  const names = Array.from({ length: 20_000 }, (_, n) => nameOf(n, random));
  const referring = Array.from({ length: 600 }, (_, n) => referringOf(n));
  db.pragma('synchronous = OFF');
  const patient = db.prepare("INSERT INTO patients VALUES (?, 's', ?, '', ?, ?)");
  const study = db.prepare(
    `INSERT INTO studies (id, scope, study_key, study_uid, patient, patient_id, issuer, name_alphabetic,
       name_ideographic, name_latin, name_sort, name_folded, charset_guess, sex, birth_date, age, age_days, study_date,
       study_time, modalities, description, accession, institution, series_count, instance_count, bytes,
       source_kind, unread, starred, demo, arriving, flags, added_at_ms, study_id, referring_physician,
       referring_folded)
     VALUES (?, 's', ?, ?, ?, ?, '', ?, ?, ?, ?, ?, 0, ?, ?, '058Y', 21170, ?, ?, ?, ?, ?, 'General Hospital',
       3, 400, 210000000, 'received', ?, 0, 0, 0, '[]', ?, ?, ?, ?)`,
  );
  const search = db.prepare('INSERT INTO study_search (rowid, names, ids, words) VALUES (?, ?, ?, ?)');
  db.transaction(() => {
    for (let id = 1; id <= studies; id++) {
      const name = names[(id * 7919) % names.length]!;
      const uid = `1.2.826.0.1.3680043.10.1.${id}`;
      const patientId = `P${String(id >> 1).padStart(7, '0')}`;
      const birth = `${1930 + (id % 80)}0${1 + (id % 9)}1${id % 10}`;
      const date = `${2008 + (id % 18)}${String(1 + (id % 12)).padStart(2, '0')}${String(1 + (id % 28)).padStart(2, '0')}`;
      const description = `${parts[id % parts.length]} ${kinds[(id >> 3) % kinds.length]}`;
      const modality = modalities[id % modalities.length]!;
      const accession = `A${id * 3}`;
      const { alphabetic, ideographic, latin, sort, folded, tokens } = name;
      patient.run(id, patientId, sort.toUpperCase(), birth);
      study.run(
        ...[id, `s.${uid}`, uid, id, patientId, alphabetic, ideographic, latin, sort, folded],
        ...[id % 2 ? 'F' : 'M', birth, date, `${100000 + (id % 130000)}`, modality, description, accession],
        ...[id % 7 === 0 ? 1 : 0, 1.7e12 + id, id % 3 === 0 ? '1' : String(id * 7)],
        ...referring[id % referring.length]!,
      );
      const { ids, words } = wordsOf(patientId, accession, date, description, modality);
      search.run(id, tokens, ids, words);
    }
  })();
  db.exec("INSERT INTO study_search (study_search) VALUES ('optimize')");
  db.exec('ANALYZE');
}

const wordsOf = (
  patientId: string,
  accession: string,
  studyDate: string,
  description: string,
  modality: string,
) =>
  searchValues({
    nameAlphabetic: '',
    nameIdeographic: null,
    namePhonetic: null,
    patientId,
    accession,
    studyDate,
    description,
    seriesTexts: [modality],
  });
