import { create } from 'zustand';
import type { CallOutput } from '../../core/contract/index.ts';
import type { Job } from '../../core/contract/jobs.ts';
import type { ReceiverStatus } from '../../core/contract/network.ts';
import type { Settings } from '../../core/contract/settings.ts';
import type { Language } from '../../core/terms/term.ts';
import { defaultNetwork, defaultStorage } from './setting-defaults.ts';
import type { Connection } from './transport/client.ts';

export type AppInfo = CallOutput<'app.info'>;

export type Page =
  | { readonly kind: 'studies' }
  | { readonly kind: 'reading' }
  | { readonly kind: 'settings'; readonly group?: string }
  | { readonly kind: 'receipt'; readonly receiptId: string };

/** A study with a tab: its words and the stripe that marks its patient everywhere. */
export interface OpenStudy {
  readonly studyKey: string;
  readonly name: string;
  /** e.g. `CT 胸部平扫`. */
  readonly words: string;
  /** 1–6: `--patient-1` … in tokens.css. Same patient, same stripe. */
  readonly stripe: number;
  /** Issuer-less identity used only to give one patient one stripe. */
  readonly patient: string;
  /** Stays when others are opened, until the reader closes it. */
  readonly isKept: boolean;
}

/** Words for a person: as they are, or put into words when they are shown, in the language of that moment. */
export type Said = string | ((language: Language) => string);

/** A message in the strip: what happened, and at most one thing to do about it. */
export interface Message {
  readonly id: number;
  readonly tone: 'info' | 'ok' | 'warn' | 'danger';
  readonly text: Said;
  readonly detail?: Said;
  readonly action?: { readonly label: Said; run(): void };
  /** Key of the study that it is about: it goes when another study or page is shown, and is not said over another. */
  readonly ofStudy?: string;
}

export interface AppState {
  readonly settings: Settings;
  readonly info: AppInfo | null;
  readonly language: Language;
  readonly page: Page;
  readonly openStudies: readonly OpenStudy[];
  readonly activeStudyKey: string | null;
  /** Keys of studies as they were looked at, the latest first. */
  readonly recentStudies: readonly string[];
  /** Keys in the order in which studies were listed when one of them was opened: they are read one after the other. */
  readonly readingOrder: readonly string[];
  /** The study whose page is drawn ahead, unseen, until it is opened and found to be right still; null: none. */
  readonly ahead: { readonly studyKey: string; readonly isOpened: boolean } | null;
  /** Counts readings that were made ahead and were not right any more: their page is drawn anew. */
  readonly redrawn: number;
  /** What the reading page should show first when it was opened by "3D". */
  readonly openWith: 'stack' | '3d';
  readonly jobs: readonly Job[];
  readonly isJobsPanelOpen: boolean;
  readonly overlay: 'none' | 'palette' | 'keys' | 'import';
  readonly importMode: 'import' | 'open';
  readonly connection: Connection;
  /** What the receiver does; null until the host has said so. */
  readonly receiver: ReceiverStatus | null;
  readonly messages: readonly Message[];
}

/** Defaults of every setting, as the contract gives them for an empty file. */
export const defaultSettings: Settings = {
  language: 'system',
  theme: 'dark',
  renderer: 'auto',
  gpuTrial: null,
  invertWindowDrag: false,
  privacy: false,
  pictureTexts: 'all',
  lastPage: 'studies',
  openStudies: [],
  activeStudy: '',
  keptStudies: [],
  reading: {},
  ownPresets: [],
  studiesTable: {},
  network: defaultNetwork,
  nodes: [],
  storage: defaultStorage,
};

export const initialState: AppState = {
  settings: defaultSettings,
  info: null,
  language: 'zh-CN',
  page: { kind: 'studies' },
  openStudies: [],
  activeStudyKey: null,
  recentStudies: [],
  readingOrder: [],
  ahead: null,
  redrawn: 0,
  openWith: 'stack',
  jobs: [],
  isJobsPanelOpen: false,
  overlay: 'none',
  importMode: 'import',
  connection: 'connecting',
  receiver: null,
  messages: [],
};

/** State of the window. Changed only through the functions of `actions.ts` and its siblings. */
export const useApp = create<AppState>()(() => initialState);
