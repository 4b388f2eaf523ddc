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

describe('what is turned away before there is an association', () => {
  const fresh = () => {
    const layer = new UpperLayer('acceptor', limits);
    layer.step({ kind: 'transportOpened' });
    return layer;
  };
  const receive = (layer: UpperLayer, bytes: Uint8Array) => layer.step({ kind: 'transportBytes', bytes });
  const refusal = (actions: readonly UpperLayerAction[]) =>
    actions.flatMap((action) => (action.kind === 'refused' ? [action] : []));

  it.each([
    ['HTTP (N1)', '474554202f', 'PDU_UNKNOWN', '01'],
    ['a PDU of 4 GiB (N2)', '0400ffffffff', 'PDU_TOO_LARGE', '06'],
    ['an unknown PDU (N3)', '09', 'PDU_UNKNOWN', '01'],
    ['data first (N14)', '04000000000600000002', 'PDU_UNEXPECTED', '02'],
    ['an answer first (N14)', dcmtkEcho.accept, 'PDU_UNEXPECTED', '02'],
    ['an even context id (N11)', dcmtkEcho.request.replace('01 00ff00', '02 00ff00'), 'PDU_INVALID', '06'],
  ])('%s is aborted with its reason', (_, hex, code, reason) => {
    const layer = fresh();
    const actions = receive(layer, fromHex(hex));
    expect(kinds(actions)).toEqual(['write', 'refused', 'startTimer']);
    expect(written(actions)).toBe(`070000000004000002${reason}`);
    expect(refusal(actions)[0]?.problem.code).toBe(code);
    expect(layer.state).toBe(13);
    // Whatever else it sends is at most answered by another abort (AA-7); closing ends it.
    const more = receive(layer, fromHex(dcmtkEcho.command));
    expect(kinds(more).filter((kind) => kind !== 'write')).toEqual([]);
    expect(layer.state).toBe(13);
    expect(kinds(layer.step({ kind: 'timerExpired' }))).toEqual(['stopTimer', 'closeTransport']);
    expect(layer.state).toBe(1);
    expect(receive(layer, fromHex(dcmtkEcho.request))).toEqual([]);
  });

  it('another protocol version is rejected by the provider (N10)', () => {
    const actions = receive(fresh(), encodePdu({ ...request, protocolVersion: 2 }));
    expect(kinds(actions)).toEqual(['stopTimer', 'write', 'refused', 'startTimer']);
    expect(written(actions)).toBe('03000000000400010202');
    expect(refusal(actions)).toEqual([
      { kind: 'refused', problem: { code: 'REFUSED_PROTOCOL' }, request: { ...request, protocolVersion: 2 } },
    ]);
  });

  it('a version field with other bits set beside bit 0 is version 1', () => {
    const actions = receive(fresh(), encodePdu({ ...request, protocolVersion: 0xffff }));
    expect(kinds(actions)).toEqual(['stopTimer', 'associationRequested']);
  });

  it('a request beyond the limits is rejected, not aborted (N8)', () => {
    const layer = new UpperLayer('acceptor', { ...limits, maxContexts: 0 });
    layer.step({ kind: 'transportOpened' });
    const actions = receive(layer, encodePdu(request));
    expect(kinds(actions)).toEqual(['stopTimer', 'write', 'refused', 'startTimer']);
    expect(written(actions)).toBe('03000000000400010302');
    expect(layer.state).toBe(13);
  });

  it('who is silent until ARTIM runs out is told apart from who hangs up (N4)', () => {
    const silent = fresh();
    receive(silent, fromHex(dcmtkEcho.request).subarray(0, 50));
    const actions = silent.step({ kind: 'timerExpired' });
    expect(kinds(actions)).toEqual(['refused', 'stopTimer', 'closeTransport']);
    expect(refusal(actions)[0]?.problem.code).toBe('PEER_TIMEOUT');
    expect(kinds(fresh().step({ kind: 'transportClosed' }))).toEqual(['stopTimer']);
    const aborted = receive(fresh(), encodePdu({ kind: 'abort', source: 0, reason: 0 }));
    expect(kinds(aborted)).toEqual(['stopTimer', 'closeTransport']);
  });
});

describe('an association that stands', () => {
  const established = (role: 'acceptor' | 'requestor' = 'acceptor') => {
    const layer = new UpperLayer(role, limits);
    if (role === 'acceptor') {
      layer.step({ kind: 'transportOpened' });
      layer.step({ kind: 'transportBytes', bytes: encodePdu(request) });
      layer.step({ kind: 'acceptAssociation', answer: accept });
    } else {
      layer.step({ kind: 'requestAssociation', request });
      layer.step({ kind: 'transportOpened' });
    }
    return layer;
  };
  const receive = (layer: UpperLayer, hex: string) =>
    layer.step({ kind: 'transportBytes', bytes: fromHex(hex) });
  const dataOn = (id: string): string => `04000000000800000004${id}03aabb`;

  it.each([
    ['a context that was never proposed (N11)', dataOn('03'), 'PDU_INVALID', 6],
    ['an unexpected request (N14)', dcmtkEcho.request, 'PDU_UNEXPECTED', 2],
    ['an unknown PDU (N3)', 'ff', 'PDU_UNKNOWN', 1],
    ['a PDU of 4 GiB (N2)', '0400ffffffff', 'PDU_TOO_LARGE', 6],
  ])('is aborted by us for %s', (_, hex, code, reason) => {
    const layer = established();
    const actions = receive(layer, hex);
    expect(kinds(actions)).toEqual(['write', 'aborted', 'startTimer']);
    expect(written(actions)).toBe(`070000000004000002${reason.toString().padStart(2, '0')}`);
    expect(actions[1]).toMatchObject({ source: 2, reason, problem: { code } });
    // Pieces of the rest of the PDU are nobody's any more.
    expect(receive(layer, dataOn('01'))).toEqual([]);
  });

  it('gives on what the peer said of its abort', () => {
    expect(receive(established(), '07 00 00000004 00 00 02 05')).toEqual([
      { kind: 'aborted', source: 2, reason: 5 },
      { kind: 'closeTransport' },
    ]);
  });

  it('is aborted by its user with source 0', () => {
    const actions = established().step({ kind: 'requestAbort' });
    expect(kinds(actions)).toEqual(['write', 'startTimer']);
    expect(written(actions)).toBe('07000000000400000000');
  });

  it('answers a second request after its end with an abort (AA-7)', () => {
    const layer = established();
    layer.step({ kind: 'requestAbort' });
    expect(written(receive(layer, dcmtkEcho.request))).toBe('07000000000400000202');
    expect(written(receive(layer, '00'))).toBe('07000000000400000201');
    expect(receive(layer, '00')).toEqual([]);
  });

  it('takes data after it asked for release (AR-6)', () => {
    const layer = established();
    layer.step({ kind: 'requestRelease' });
    expect(kinds(receive(layer, dataOn('01')))).toEqual(['data']);
  });

  it('as requestor takes data on what it proposed only', () => {
    const more = { ...accept, contexts: [...accept.contexts, { ...accept.contexts[0]!, id: 9 }] };
    const layer = established('requestor');
    layer.step({ kind: 'transportBytes', bytes: encodePdu(more) });
    expect(kinds(receive(layer, dataOn('01')))).toEqual(['data']);
    expect(kinds(receive(layer, dataOn('09')))).toEqual(['write', 'aborted', 'startTimer']);
  });

  it('an answer that is malformed aborts (AA-8)', () => {
    const layer = established('requestor');
    const actions = receive(layer, dcmtkEcho.accept.replace('01 000000', '02 000000'));
    expect(kinds(actions)).toEqual(['write', 'aborted', 'startTimer']);
    expect(actions[1]).toMatchObject({ reason: 6, problem: { code: 'PDU_INVALID' } });
  });

  it('user information of an answer that cannot be followed aborts, for a requestor cannot reject', () => {
    const layer = established('requestor');
    const actions = receive(layer, dcmtkEcho.accept.replace('51 00 0004', '51 00 0fff'));
    expect(actions[1]).toMatchObject({ kind: 'aborted', reason: 6, problem: { code: 'PDU_INVALID' } });
  });

  it('the rejection of a request is told with its numbers', () => {
    expect(receive(established('requestor'), '03 00 00000004 00 01 01 07')).toEqual([
      {
        kind: 'associationRejected',
        answer: { kind: 'associate-rj', result: 1, source: 1, reason: 7 },
      },
      { kind: 'closeTransport' },
    ]);
  });

  it('knows whether the stream ended between two PDUs, and what it holds', () => {
    const layer = established();
    expect(layer.isAtBoundary).toBe(true);
    receive(layer, '0400');
    expect(layer.isAtBoundary).toBe(false);
    expect(layer.heldBytes).toBe(6);
  });

  it('a refused context may not carry data', () => {
    const layer = new UpperLayer('acceptor', limits);
    layer.step({ kind: 'transportOpened' });
    layer.step({ kind: 'transportBytes', bytes: encodePdu(request) });
    const refused = { ...accept, contexts: [{ id: 1, result: 3, transferSyntax: '' } as const] };
    layer.step({ kind: 'acceptAssociation', answer: refused });
    expect(kinds(receive(layer, dataOn('01')))).toEqual(['write', 'aborted', 'startTimer']);
  });
});
