import { describe, expect, it } from 'vitest';
import { encodePdu } from './pdu-encode.ts';
import { dcmtkEcho, fromHex, limits, toHex } from './pdu-fixtures.ts';
import type { AssociateAccept, AssociateRequest, UpperLayerAction } from './types.ts';
import { UpperLayer } from './upper-layer.ts';

const kinds = (actions: readonly UpperLayerAction[]) => actions.map(({ kind }) => kind);
const written = (actions: readonly UpperLayerAction[]): string =>
  actions.map((action) => (action.kind === 'write' ? toHex(action.bytes) : '')).join('');

const user = {
  maxPduBytes: 16_384,
  implementationClassUid: '1.2.276.0.7230010.3.0.3.6.7',
  implementationVersion: 'OFFIS_DCMTK_367',
  roles: [],
  extended: [],
  commonExtended: [],
};
const head = {
  protocolVersion: 1,
  calledAeTitle: 'CALLED',
  callingAeTitle: 'ME',
  applicationContext: '1.2.840.10008.3.1.1.1',
  user,
} as const;
const request: AssociateRequest = {
  kind: 'associate-rq',
  ...head,
  contexts: [{ id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
};
const accept: AssociateAccept = {
  kind: 'associate-ac',
  ...head,
  contexts: [{ id: 1, result: 0, transferSyntax: '1.2.840.10008.1.2' }],
};

describe('UpperLayer', () => {
  it("serves DCMTK's echoscu from connection to close", () => {
    const layer = new UpperLayer('acceptor', limits);
    const receive = (hex: string) => layer.step({ kind: 'transportBytes', bytes: fromHex(hex) });
    expect(kinds(layer.step({ kind: 'transportOpened' }))).toEqual(['startTimer']);
    expect(receive(dcmtkEcho.request)).toEqual([
      { kind: 'stopTimer' },
      { kind: 'associationRequested', request },
    ]);
    expect(written(layer.step({ kind: 'acceptAssociation', answer: accept }))).toBe(
      toHex(fromHex(dcmtkEcho.accept)),
    );
    const data = receive(dcmtkEcho.command);
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({
      kind: 'data',
      piece: { contextId: 1, isCommand: true, isLast: true, bytes: { length: 68 } },
    });
    expect(kinds(receive(dcmtkEcho.releaseRequest))).toEqual(['releaseRequested']);
    const released = layer.step({ kind: 'answerRelease' });
    expect(written(released)).toBe(toHex(fromHex(dcmtkEcho.releaseReply)));
    expect(kinds(released)).toEqual(['write', 'startTimer']);
    expect(kinds(layer.step({ kind: 'transportClosed' }))).toEqual(['stopTimer']);
    expect(layer.state).toBe(1);
  });

  it("asks DCMTK's storescp as echoscu does", () => {
    const layer = new UpperLayer('requestor', limits);
    const receive = (hex: string) => layer.step({ kind: 'transportBytes', bytes: fromHex(hex) });
    expect(kinds(layer.step({ kind: 'requestAssociation', request }))).toEqual(['openTransport']);
    const opened = layer.step({ kind: 'transportOpened' });
    expect(written(opened)).toBe(toHex(fromHex(dcmtkEcho.request)).replace('0100ff00', '01000000'));
    expect(receive(dcmtkEcho.accept)).toEqual([{ kind: 'associationAccepted', answer: accept }]);
    const bytes = fromHex(dcmtkEcho.command).subarray(12);
    const sent = layer.step({
      kind: 'sendData',
      pieces: [{ contextId: 1, isCommand: true, isLast: true, bytes }],
    });
    expect(written(sent)).toBe(toHex(fromHex(dcmtkEcho.command)));
    expect(written(layer.step({ kind: 'requestRelease' }))).toBe(toHex(encodePdu({ kind: 'release-rq' })));
    expect(kinds(receive(dcmtkEcho.releaseReply))).toEqual(['released', 'closeTransport']);
    expect(layer.state).toBe(1);
  });
});
