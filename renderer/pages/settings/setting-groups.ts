import {
  BadgeCheck,
  Cpu,
  Database,
  Eye,
  Info,
  Keyboard,
  type LucideIcon,
  Network,
  Radio,
  Settings2,
  Shield,
} from 'lucide-react';
import type { Settings } from '../../../core/contract/settings.ts';
import { matchScore } from '../../../core/terms/pinyin.ts';
import { type TermKey, terms } from '../../../core/terms/terms.ts';

export type GroupId =
  | 'general'
  | 'reading'
  | 'keys'
  | 'rendering'
  | 'receiver'
  | 'nodes'
  | 'certificates'
  | 'storage'
  | 'audit'
  | 'about';

export interface SettingGroup {
  readonly id: GroupId;
  readonly term: TermKey;
  readonly hint: TermKey;
  readonly icon: LucideIcon;
  /** What the search looks at. */
  readonly words: readonly TermKey[];
  /** Settings that "Reset group" puts back. */
  readonly settings: readonly (keyof Settings)[];
}

export const settingGroups: readonly SettingGroup[] = [
  {
    id: 'general',
    term: 'settings.general',
    hint: 'settings.generalHint',
    icon: Settings2,
    words: ['settings.language', 'settings.theme', 'settings.theme.dark', 'settings.theme.light'],
    settings: ['language', 'theme'],
  },
  {
    id: 'reading',
    term: 'settings.reading',
    hint: 'settings.readingHint',
    icon: Eye,
    words: ['settings.pictureTexts', 'settings.privacy', 'settings.invertWindowDrag'],
    settings: ['pictureTexts', 'privacy', 'invertWindowDrag'],
  },
  {
    id: 'keys',
    term: 'settings.keys',
    hint: 'settings.keysHint',
    icon: Keyboard,
    words: ['keys.title'],
    settings: [],
  },
  {
    id: 'rendering',
    term: 'settings.rendering',
    hint: 'settings.renderingHint',
    icon: Cpu,
    words: ['settings.renderer', 'settings.trial', 'strip.cpu', 'strip.gpu'],
    settings: ['renderer'],
  },
  {
    id: 'receiver',
    term: 'settings.receiver',
    hint: 'settings.receiverHint',
    icon: Radio,
    words: [
      'network.receiver.aeTitle',
      'network.receiver.port',
      'network.receiver.peers',
      'network.receiver.identity',
      'network.receiver.tlsPort',
      'network.receiver.startAtLogin',
      'network.refusals',
      'network.limits',
    ],
    settings: [],
  },
  {
    id: 'nodes',
    term: 'settings.nodes',
    hint: 'settings.nodesHint',
    icon: Network,
    words: ['nodes.add', 'nodes.aeTitle', 'priors.enabled', 'forwarding.title', 'web.enabled', 'web.token'],
    settings: [],
  },
  {
    id: 'certificates',
    term: 'settings.certificates',
    hint: 'settings.certificatesHint',
    icon: BadgeCheck,
    words: ['certificates.own', 'certificates.trusted', 'certificates.import'],
    settings: [],
  },
  {
    id: 'storage',
    term: 'settings.storage',
    hint: 'settings.storageHint',
    icon: Database,
    words: [
      'settings.dataFolder',
      'storage.usage',
      'settings.verify',
      'storage.rules',
      'storage.trash',
      'storage.rebuild',
      'backup.title',
      'settings.receipts',
    ],
    settings: [],
  },
  {
    id: 'audit',
    term: 'settings.audit',
    hint: 'settings.auditHint',
    icon: Shield,
    words: ['settings.auditEvent', 'settings.auditIntact'],
    settings: [],
  },
  {
    id: 'about',
    term: 'settings.about',
    hint: 'settings.aboutHint',
    icon: Info,
    words: [
      'settings.version',
      'settings.machine',
      'settings.doctor',
      'settings.fonts',
      'settings.notDiagnosis',
    ],
    settings: [],
  },
];

/** Groups that a query finds, in Chinese, pinyin or English; all for an empty one. */
export function findGroups(query: string): readonly SettingGroup[] {
  return settingGroups.filter((group) =>
    [group.term, group.hint, ...group.words].some((key) => matchScore(query, terms[key]) > 0),
  );
}
