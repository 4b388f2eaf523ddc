import { describe, expect, it } from 'vitest';
import {
  cancelRequest,
  commitmentReport,
  commitmentRequest,
  echoRequest,
  findRequest,
  getRequest,
  moveRequest,
  responseTo,
  storeRequest,
} from './command-build.ts';
import { dcmtkCommands, hexBytes } from './command-fixtures.ts';
import { decodeCommand, encodeCommand } from './command-set.ts';
import type { Command } from './types.ts';

const theirs = (name: keyof typeof dcmtkCommands): Command => {
  const decoded = decodeCommand(hexBytes(dcmtkCommands[name]));
  if (!decoded.ok) throw new Error(name);
  return decoded.command;
};
const study = (tail: string): string => `1.2.840.10008.5.1.4.1.2.2.${tail}`;

describe('requests', () => {
  it('are what DCMTK sends', () => {
    expect(echoRequest(1)).toEqual(theirs('echoRequest'));
    expect(findRequest(1, study('1'))).toEqual(theirs('findRequest'));
    expect(moveRequest(1, study('2'), 'NOWHERE')).toEqual(theirs('moveRequest'));
    expect(getRequest(1, study('3'))).toEqual(theirs('getRequest'));
    const store = theirs('storeRequest');
    expect(storeRequest(1, store.affectedSopClassUid!, store.affectedSopInstanceUid!)).toEqual(store);
  });

  it('say whose C-MOVE a store belongs to', () => {
    expect(storeRequest(2, '1.2', '1.3', { aeTitle: 'ASKER', messageId: 9 })).toMatchObject({
      moveOriginatorAeTitle: 'ASKER',
      moveOriginatorMessageId: 9,
    });
  });

  it('are complete: each can be read again', () => {
    for (const command of [cancelRequest(4), commitmentRequest(5), commitmentReport(6, false)]) {
      expect(decodeCommand(encodeCommand(command))).toEqual({ ok: true, command });
      expect(command.hasDataset).toBe(command.name !== 'C-CANCEL-RQ');
    }
    expect(
      [commitmentReport(6, false), commitmentReport(6, true)].map(({ eventTypeId }) => eventTypeId),
    ).toEqual([1, 2]);
  });
});

describe('responseTo', () => {
  it('is what DCMTK answers', () => {
    expect(responseTo(echoRequest(1), 0)).toEqual(theirs('echoResponse'));
    expect(responseTo(theirs('storeRequest'), 0)).toEqual(theirs('storeResponse'));
    expect(responseTo(theirs('findRequest'), 0xff00, {}, true)).toEqual(theirs('findPending'));
    const counts = { completedSuboperations: 0, failedSuboperations: 0, warningSuboperations: 0 };
    expect(responseTo(theirs('moveRequest'), 0, counts)).toEqual(theirs('moveResponse'));
  });

  it('repeats requested UIDs as affected ones, and the type of action or event', () => {
    expect(responseTo(commitmentRequest(5), 0)).toEqual({
      name: 'N-ACTION-RSP',
      messageIdBeingRespondedTo: 5,
      affectedSopClassUid: '1.2.840.10008.1.20.1',
      affectedSopInstanceUid: '1.2.840.10008.1.20.1.1',
      actionTypeId: 1,
      status: 0,
      hasDataset: false,
    });
    expect(responseTo(commitmentReport(6, true), 0)).toMatchObject({ eventTypeId: 2 });
  });

  it('does not exist for cancels and responses', () => {
    expect(() => responseTo(cancelRequest(1), 0)).toThrow();
    expect(() => responseTo(theirs('echoResponse'), 0)).toThrow();
    expect(() => responseTo({ name: 'C-ECHO-RQ', hasDataset: false }, 0)).toThrow();
  });
});
