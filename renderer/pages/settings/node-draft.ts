import { isAeTitle } from '../../../core/base/ae-title.ts';
import type { RemoteNode } from '../../../core/contract/network.ts';

/** A node as the dialog begins with it. */
export const emptyNode = (): RemoteNode => ({
  nodeId: crypto.randomUUID(),
  name: '',
  protocol: 'dimse',
  aeTitle: '',
  host: '',
  port: 104,
  tls: false,
  queryRoot: 'study',
  retrieveBy: 'get',
  identity: 'none',
  callerIdentity: 'receiver',
  callerUser: '',
  url: '',
  authentication: 'none',
  user: '',
  tokenUrl: '',
  scope: '',
  certificateId: null,
  canQuery: true,
  canReceive: true,
  maySend: true,
  hasWorklist: false,
  commits: false,
});

/** Fields that cannot be used as they are; the host checks again. */
export function wrongFields(node: RemoteNode): ReadonlySet<keyof RemoteNode> {
  const wrong = new Set<keyof RemoteNode>();
  if (node.name.trim() === '') wrong.add('name');
  if (node.protocol === 'web') {
    if (!/^https?:\/\/[^\s/]+/.test(node.url)) wrong.add('url');
    if (node.authentication === 'oauth' && !/^https?:\/\/[^\s/]+/.test(node.tokenUrl)) wrong.add('tokenUrl');
    return wrong;
  }
  if (!isAeTitle(node.aeTitle.trim())) wrong.add('aeTitle');
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]*$|^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(%\w+)?$/.test(node.host.trim())) {
    wrong.add('host');
  }
  if (!Number.isInteger(node.port) || node.port < 1 || node.port > 65_535) wrong.add('port');
  if (asksUser(node) && node.callerUser.trim() === '') wrong.add('callerUser');
  return wrong;
}

/** Whether the station must name a user of its own when it calls us. */
export const asksUser = ({ protocol, callerIdentity }: RemoteNode): boolean =>
  protocol === 'dimse' && (callerIdentity === 'name' || callerIdentity === 'password');

/** Whether it must give a passcode with that. */
export const asksPasscode = (node: RemoteNode): boolean =>
  asksUser(node) && node.callerIdentity === 'password';

/** Whether a password or token belongs to the node as it stands. */
export const needsSecret = (node: RemoteNode): boolean =>
  node.protocol === 'web'
    ? node.authentication !== 'none' && node.authentication !== 'certificate'
    : node.identity === 'password' || node.identity === 'jwt';
