import { type ProblemCode, problemTable } from '../base/problem-table.ts';
import type { Language, TermParams } from './term.ts';
import { problemText, type TermKey, t, terms } from './terms.ts';

/** A row of the audit trail as the host keeps it: short words of its own, keys, numbers, names of stations. */
export interface AuditRow {
  readonly event: string;
  /** `ok`, `refused`, `bad` or the code of a problem. */
  readonly outcome: string;
  readonly detail: string;
}

/** An import's row names at most these studies. */
const studiesInRow = 50;
/** Settings whose words have another name. */
const settingKeys: Readonly<Record<string, TermKey>> = {
  network: 'settings.receiver',
  gpuTrial: 'settings.trial',
};

const isTermKey = (key: string): key is TermKey => Object.hasOwn(terms, key);
const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problemTable, code);
/** Keys tell where something is, then its UID: `s.1.2.3`, `p4.1.2.3`. */
const uidOf = (key: string): string => key.replace(/^[a-z]\d*\./, '');
const partsOf = (text: string): readonly string[] => text.split(' ').filter((part) => part !== '');

/** One detail and its language: what the forms below are written with. */
class Detail {
  readonly text: string;
  readonly language: Language;

  constructor(language: Language, text: string) {
    this.language = language;
    this.text = text;
  }

  say(key: TermKey, params?: TermParams): string {
    return t(this.language, key, params);
  }

  get list(): string {
    return this.language === 'zh-CN' ? '、' : ', ';
  }

  get comma(): string {
    return this.language === 'zh-CN' ? '，' : ', ';
  }

  match(pattern: RegExp): readonly (string | undefined)[] {
    return pattern.exec(this.text)?.slice(1) ?? [];
  }

  /** Words for one of the host's own. */
  word(kind: 'detail' | 'detail.query' | 'rule', word: string): string {
    const key = `audit.${kind}.${word}`;
    if (isTermKey(key)) return this.say(key);
    return isProblemCode(word) ? problemText(this.language, { code: word }).sentence : word;
  }

  /** `what 3`: a row that stands for several. */
  counted(of: (what: string) => string): string {
    const [what, n] = this.match(/^(.*) (\d+)$/s);
    if (what === undefined) return of(this.text);
    return n === '1' ? of(what) : this.say('audit.detail.times', { what: of(what), n: Number(n) });
  }

  study(key: string): string {
    return this.say('audit.detail.study', { uid: uidOf(key) });
  }
}

type Form = (row: Detail) => string;

const aboutStudy: Form = (row) => row.study(row.text);
const aboutImage: Form = (row) => row.say('audit.detail.image', { uid: uidOf(row.text) });
const oneWord: Form = (row) => row.word('detail', row.text);
const countedRule: Form = (row) => row.counted((rule) => row.word('rule', rule));

/** `Station s.1.2 s.1.3`: the name of a station may have spaces, keys and UIDs have none. */
const nodeStudies: Form = (row) => {
  const [node = '', keys = ''] = row.match(/^(.*?)((?: (?:[a-z]\d*\.)?\d+(?:\.\d+)+)*)$/s);
  const n = partsOf(keys).length;
  return n === 0 ? row.text : row.say('audit.detail.nodeStudies', { node, n });
};

const imported: Form = (row) => {
  const [images, ...studies] = partsOf(row.text);
  const key = studies.length < studiesInRow ? 'audit.detail.import' : 'audit.detail.importMany';
  return row.say(key, { images: Number(images), studies: studies.length });
};

const opened: Form = (row) => {
  const [study, series, n] = row.match(/^(\S+) (\S+) (\d+)$/);
  if (study === undefined || series === undefined) return row.text;
  return row.say('audit.detail.open', { study, series: uidOf(series), n: Number(n) });
};

const exported: Form = (row) => {
  const [kind] = row.match(/^(film|report) /);
  return kind === undefined ? aboutImage(row) : row.word('detail', kind);
};

const settings: Form = (row) =>
  partsOf(row.text)
    .map((name) => {
      const key = settingKeys[name] ?? `settings.${name}`;
      return isTermKey(key) ? row.say(key) : name;
    })
    .join(row.list);

const restored: Form = (row) => {
  const [verb, rest = ''] = row.match(/^(use|delete) (.*)$/s);
  if (verb === 'use') return row.say('audit.detail.use', { path: rest });
  return verb === 'delete' ? row.say('audit.detail.deleteKept', { name: rest }) : row.text;
};

const rebuilt: Form = (row) => {
  const [from, count] = row.match(/^(\S+) (\d+)$/);
  if (from === undefined) return row.text;
  const n = Number(count);
  if (/^\d+$/.test(from)) return row.say('audit.detail.rebuilt', { n: Number(from), rows: n });
  if (from === 'files') return row.say('audit.detail.fromFiles', { n });
  return row.say('audit.detail.fromSnapshot', { name: from, n });
};

const associated: Form = (row) => {
  const [asker, kept, lost] = row.match(/^commitment for (.*): (\d+) kept, (\d+) not$/s);
  if (asker !== undefined)
    return row.say('audit.detail.commitment', { who: asker, kept: Number(kept), lost: Number(lost) });
  const [who, stored, twice, refused] = row.match(/^(.*) stored (\d+) duplicates (\d+) refused (\d+)$/s);
  if (who === undefined) return row.counted((what) => what);
  const counts = { stored: Number(stored), duplicates: Number(twice), refused: Number(refused) };
  return row.say('audit.detail.received', { who, ...counts });
};

const sent: Form = (row) => {
  const [unknown] = row.match(/^C-MOVE (\S*)$/);
  if (unknown !== undefined) return row.say('audit.detail.moveUnknown', { to: unknown });
  const [service, who = '', to = '', n, keys = ''] = row.match(/^(C-\S+) by (.*) to (.*): (\d+) of (.*)$/s);
  if (service === undefined) return nodeStudies(row);
  return row.say('audit.detail.peerAsked', { service, who, to, n: Number(n), studies: partsOf(keys).length });
};

/** Of whatever ended with counts: `Station done 9 failed 1 left 2 before 0 committed 0 not 0 s.1.2.3`. */
const transferred: Form = (row) => {
  const [head, done, ...rest] = row.match(
    /^(.*?) done (\d+) failed (\d+) left (\d+) before (\d+) committed (\d+) not (\d+)(?: .*)?$/s,
  );
  if (head === undefined) return row.text;
  const [, service, who = '', to = ''] = /^(C-\S+) by (.*) to (.*)$/s.exec(head) ?? [];
  const node = service === undefined ? head : row.say('audit.detail.peerServed', { service, who, to });
  const words = ['failed', 'left', 'before', 'committed', 'notCommitted'] as const;
  const others = words.flatMap((word, at) => {
    const n = Number(rest[at]);
    return n === 0 ? [] : [row.say(`audit.detail.${word}`, { n })];
  });
  return [row.say('audit.detail.transferred', { node, n: Number(done) }), ...others].join(row.comma);
};

const webRead: Form = (row) =>
  row.counted((what) => {
    const [kind = '', of = ''] = partsOf(what);
    if (kind === 'query') return row.word('detail.query', of);
    return `${row.word('detail', kind)}${row.list}${row.study(of)}`;
  });

const forms: Readonly<Record<string, Form>> = {
  'app.start': oneWord,
  'study.import': imported,
  'study.open': opened,
  'study.keep': aboutStudy,
  'study.print': (row) => {
    const [n] = row.match(/^list (\d+)$/);
    return n === undefined ? aboutStudy(row) : row.say('audit.detail.list', { n: Number(n) });
  },
  'study.delete': aboutStudy,
  'study.restore': aboutStudy,
  'study.purge': aboutStudy,
  'store.evict': aboutStudy,
  'instance.export': exported,
  'instance.tags': aboutImage,
  'settings.write': settings,
  'store.verify': (row) =>
    row.text === 'index'
      ? row.say('audit.detail.index')
      : row.say('audit.detail.files', { n: Number(row.text) }),
  'store.restore': restored,
  'store.rebuild': rebuilt,
  'trash.empty': (row) => row.say('audit.detail.studies', { n: Number(row.text) }),
  'certificate.delete': (row) => row.say('audit.detail.certificate', { id: row.text }),
  'receiver.associate': associated,
  'receiver.refuse': (row) => row.counted((address) => address),
  'receiver.passcode': oneWord,
  'remote.query': (row) => {
    const [who] = row.match(/^from (.*)$/s);
    return who === undefined ? row.text : row.say('audit.detail.from', { who });
  },
  'remote.send': sent,
  'remote.sent': transferred,
  'remote.retrieve': nodeStudies,
  'remote.retrieved': transferred,
  'web.token': oneWord,
  'web.read': webRead,
  'web.refuse': countedRule,
  'shell.refuse': countedRule,
};

export function auditEvent(language: Language, event: string): string {
  const key = `audit.${event}`;
  return isTermKey(key) ? t(language, key) : event;
}

export function auditOutcome(language: Language, outcome: string): string {
  if (outcome === 'ok') return t(language, 'settings.auditOk');
  const key = `audit.outcome.${outcome}`;
  if (isTermKey(key)) return t(language, key);
  return isProblemCode(outcome) ? problemText(language, { code: outcome }).sentence : outcome;
}

/** What a row tells beside its event, in words; what has no known form stays as it is. */
export function auditDetail(
  language: Language,
  { event, detail }: Pick<AuditRow, 'event' | 'detail'>,
): string {
  return detail === '' ? '' : (forms[event]?.(new Detail(language, detail)) ?? detail);
}
