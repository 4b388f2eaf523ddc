/** What `npm start` says, in the language of the machine. */
import { chooseLanguage, say, type TermParams } from '../core/terms/term.ts';

export const startWords = {
  electron: { zh: 'Candela：以 Electron 打开。', en: 'Candela: opened in Electron.' },
  asked: { zh: 'Candela：按要求使用浏览器外壳。', en: 'Candela: browser shell, because it was asked for.' },
  root: {
    zh: 'Candela：使用浏览器外壳，因为 Electron 不能以 root 身份运行。',
    en: 'Candela: browser shell, because Electron refuses to run as root.',
  },
  noDisplay: {
    zh: 'Candela：使用浏览器外壳，因为没有显示器。',
    en: 'Candela: browser shell, because there is no display.',
  },
  failedLately: {
    zh: 'Candela：使用浏览器外壳，因为最近 7 天内无法下载 Electron。',
    en: 'Candela: browser shell, because Electron could not be fetched in the last 7 days.',
  },
  unreachable: {
    zh: 'Candela：使用浏览器外壳，因为无法下载 Electron。',
    en: 'Candela: browser shell, because Electron could not be fetched.',
  },
  ended: {
    zh: 'Candela：使用浏览器外壳，因为 Electron 启动即退出（代码 {code}）。',
    en: 'Candela: browser shell, because Electron ended at once with code {code}.',
  },
} as const;

export function sayStart(key: keyof typeof startWords, params?: TermParams): string {
  const language = chooseLanguage('system', Intl.DateTimeFormat().resolvedOptions().locale);
  return `${say(language, startWords[key], params)}\n`;
}
