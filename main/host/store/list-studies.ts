import type { SortColumn, StudyFilter } from '../../../core/contract/studies.ts';
import type { ReadableDatabase } from './open-database.ts';
import { matchExpression } from './search-tokens.ts';
import { studyColumns } from './study-row.ts';

/**
 * The study list: any order, any page, ≤ 10 ms at 200,000 studies. An unfiltered page walks the column's index
 * (covering, from the nearer end); a search sorts the matches of the full-text index, or, when they are many,
 * walks the column's index until the page is full.
 */
export interface ListQuery {
  readonly filter: StudyFilter;
  readonly sort: readonly { readonly column: SortColumn; readonly descending: boolean }[];
  readonly offset: number;
  readonly limit: number;
  /** Local midnight, for `added: 'today'`. */
  readonly todayMs: number;
}

export interface ListPage {
  readonly total: number;
  /** The page's rows as SQLite writes them, for `studyRowsOf`: a text crosses to the caller's thread at no cost. */
  readonly rows: string;
}

const noRows = '[]';

const sortColumns: Readonly<Record<SortColumn, readonly string[]>> = {
  name: ['name_sort'],
  patientId: ['patient_id'],
  sex: ['sex'],
  age: ['age_days'],
  studyDate: ['study_date', 'study_time'],
  modality: ['modalities'],
  description: ['description'],
  series: ['series_count'],
  frames: ['frame_count'],
  bytes: ['bytes'],
  source: ['source_kind'],
  added: ['added_at_ms'],
};

/** Above this many matches a search walks the sort index instead of sorting its matches. */
const manyMatches = 4000;

interface Where {
  readonly sql: string;
  readonly values: readonly (string | number)[];
  readonly isPlain: boolean;
}

export function orderBy(sort: ListQuery['sort'], backwards = false): string {
  const wanted = sort.length > 0 ? sort : [{ column: 'studyDate' as const, descending: true }];
  const direction = (descending: boolean): string => (descending !== backwards ? 'DESC' : 'ASC');
  const terms = wanted.flatMap(({ column, descending }) =>
    sortColumns[column].map((name) => `${name} ${direction(descending)}`),
  );
  terms.push(`id ${direction(wanted.at(-1)?.descending ?? true)}`);
  return terms.join(', ');
}

function whereOf(filter: StudyFilter, todayMs: number): Where {
  const terms = [filter.trash ? 'deleted_at_ms IS NOT NULL' : 'deleted_at_ms IS NULL'];
  const values: (string | number)[] = [];
  const add = (sql: string, ...more: (string | number)[]): void => {
    terms.push(sql);
    values.push(...more);
  };
  if (filter.dateFrom) add('study_date >= ?', filter.dateFrom);
  if (filter.dateTo) add('study_date <= ?', filter.dateTo);
  if (filter.source) add('source_kind = ?', filter.source);
  if (filter.unread !== undefined) add(`unread = ${filter.unread ? 1 : 0}`);
  if (filter.starred !== undefined) add(`starred = ${filter.starred ? 1 : 0}`);
  if (filter.added === 'today') add('added_at_ms >= ?', todayMs);
  if (filter.modalities && filter.modalities.length > 0) {
    const one = `instr('\\' || modalities || '\\', '\\' || ? || '\\') > 0`;
    add(`(${filter.modalities.map(() => one).join(' OR ')})`, ...filter.modalities);
  }
  return { sql: terms.join(' AND '), values, isPlain: terms.length === 1 };
}

/** 1 at every id found; ids are row numbers, so this stays small. */
function marksOf(ids: readonly number[]): Uint8Array {
  let largest = 0;
  for (const id of ids) if (id > largest) largest = id;
  const marks = new Uint8Array(largest + 1);
  for (const id of ids) marks[id] = 1;
  return marks;
}

export class StudyList {
  readonly #db: ReadableDatabase;
  readonly #statements = new Map<string, ReturnType<ReadableDatabase['prepare']>>();
  readonly #totals = new Map<string, number>();
  #version = -1;

  constructor(db: ReadableDatabase) {
    this.#db = db;
  }

  list(query: ListQuery): ListPage {
    const where = whereOf(query.filter, query.todayMs);
    const text = query.filter.query?.trim() ?? '';
    if (text === '') return this.#page(query, where);
    if (query.filter.trash) return this.#searchTrash(query, where, text);
    const match = matchExpression(text);
    if (match === null) return { total: 0, rows: noRows };
    return this.#search(query, where, match);
  }

  #prepare(sql: string) {
    let statement = this.#statements.get(sql);
    if (!statement) {
      if (this.#statements.size > 200) this.#statements.clear();
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Counting is the dear part of a page: totals are kept until the database changes. */
  #total(where: Where): number {
    const version = Number(this.#db.pragma('data_version', { simple: true }));
    const changes = Number(this.#prepare('SELECT total_changes()').pluck().get());
    if (version + changes * 2 ** 32 !== this.#version) {
      this.#totals.clear();
      this.#version = version + changes * 2 ** 32;
    }
    const key = JSON.stringify([where.sql, where.values]);
    let total = this.#totals.get(key);
    if (total === undefined) {
      total = Number(
        this.#prepare(`SELECT count(*) FROM studies WHERE ${where.sql}`)
          .pluck()
          .get(...where.values),
      );
      this.#totals.set(key, total);
    }
    return total;
  }

  #page(query: ListQuery, where: Where): ListPage {
    const total = this.#total(where);
    const limit = Math.max(0, Math.min(query.limit, total - query.offset));
    if (limit === 0) return { total, rows: noRows };
    const backwards = where.isPlain && query.offset > total / 2;
    const skip = backwards ? total - query.offset - limit : query.offset;
    const sql = `SELECT id FROM studies WHERE ${where.sql} ORDER BY ${orderBy(query.sort, backwards)} LIMIT ? OFFSET ?`;
    const ids = this.#prepare(sql)
      .pluck()
      .all(...where.values, limit, skip) as number[];
    if (backwards) ids.reverse();
    return { total, rows: this.#rows(ids) };
  }

  #search(query: ListQuery, where: Where, match: string): ListPage {
    const found = where.isPlain
      ? this.#prepare('SELECT rowid FROM study_search WHERE study_search MATCH ?').pluck().all(match)
      : this.#prepare(
          `SELECT id FROM studies WHERE ${where.sql}
           AND id IN (SELECT rowid FROM study_search WHERE study_search MATCH ?)`,
        )
          .pluck()
          .all(...where.values, match);
    const ids = found as number[];
    if (ids.length === 0 || query.offset >= ids.length) return { total: ids.length, rows: noRows };
    const order = orderBy(query.sort);
    const page =
      ids.length > manyMatches
        ? this.#walk(marksOf(ids), order, query.offset, query.limit)
        : (this.#prepare(
            `SELECT studies.id FROM (SELECT rowid AS found FROM study_search WHERE study_search MATCH ?)
             CROSS JOIN studies ON studies.id = found WHERE ${where.sql} ORDER BY ${order} LIMIT ? OFFSET ?`,
          )
            .pluck()
            .all(match, ...where.values, query.limit, query.offset) as number[]);
    return { total: ids.length, rows: this.#rows(page) };
  }

  /** Ids in order, those of the set only: many matches are met soon. */
  #walk(wanted: Uint8Array, order: string, offset: number, limit: number): number[] {
    const page: number[] = [];
    let seen = 0;
    const all = this.#prepare(`SELECT id FROM studies WHERE deleted_at_ms IS NULL ORDER BY ${order}`).pluck();
    for (const id of all.iterate() as Iterable<number>) {
      if (wanted[id] !== 1) continue;
      if (seen++ < offset) continue;
      page.push(id);
      if (page.length >= limit) break;
    }
    return page;
  }

  /** The trash is small and not in the full-text index. */
  #searchTrash(query: ListQuery, where: Where, text: string): ListPage {
    const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
    const sql = `${where.sql} AND (name_alphabetic || ' ' || coalesce(name_ideographic, '') || ' ' || name_latin
      || ' ' || patient_id || ' ' || accession || ' ' || description) LIKE ? ESCAPE '\\'`;
    return this.#page(query, { sql, values: [...where.values, pattern], isPlain: false });
  }

  /** In the order of `ids`. One statement: a hundred of them cost as much as the search. */
  #rows(ids: readonly number[]): string {
    return this.#prepare(
      `SELECT json_group_array(json_array(${studyColumns}) ORDER BY wanted.key)
       FROM json_each(?) AS wanted CROSS JOIN studies ON studies.id = wanted.value`,
    )
      .pluck()
      .get(JSON.stringify(ids)) as string;
  }

  counts(
    todayMs: number,
  ): Record<'all' | 'today' | 'received' | 'media' | 'starred' | 'trash' | 'unread', number> {
    const count = (sql: string, ...values: (string | number)[]): number =>
      this.#total({ sql, values, isPlain: false });
    const live = 'deleted_at_ms IS NULL';
    return {
      all: count(live),
      today: count(`${live} AND added_at_ms >= ?`, todayMs),
      received: count(`${live} AND source_kind = 'received'`),
      media: count(`${live} AND source_kind = 'disc'`),
      starred: count(`${live} AND starred = 1`),
      trash: count('deleted_at_ms IS NOT NULL'),
      unread: count(`${live} AND unread = 1`),
    };
  }
}
