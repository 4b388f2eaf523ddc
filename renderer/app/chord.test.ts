import { describe, expect, it } from 'vitest';
import { chordLabel, chordOfEvent, isTextKey, normaliseChord } from './chord.ts';

const press = (
  code: string,
  modifiers: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
) => ({
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});

describe('chords', () => {
  it('goes by the physical key, whatever the layout', () => expect(chordOfEvent(press('KeyW'))).toBe('KeyW'));
  it('puts modifiers in one order', () => {
    expect(chordOfEvent(press('KeyZ', { shiftKey: true, ctrlKey: true }))).toBe('Ctrl+Shift+KeyZ');
    expect(normaliseChord('Shift+Ctrl+KeyZ')).toBe('Ctrl+Shift+KeyZ');
  });
  it('takes ⌘ for Ctrl and the numpad for digits', () => {
    expect(chordOfEvent(press('KeyK', { metaKey: true }))).toBe('Ctrl+KeyK');
    expect(chordOfEvent(press('Numpad5'))).toBe('Digit5');
    expect(chordOfEvent(press('NumpadEnter'))).toBe('Enter');
  });
  it('labels key caps', () => {
    expect(chordLabel('Ctrl+KeyK')).toBe('Ctrl K');
    expect(chordLabel('Shift+Digit3')).toBe('Shift 3');
    expect(chordLabel('BracketLeft')).toBe('[');
    expect(chordLabel('Shift+Slash')).toBe('?');
  });
  it('tells text from commands', () => {
    expect(isTextKey({ ...press('KeyA'), key: 'a' })).toBe(true);
    expect(isTextKey({ ...press('KeyA', { ctrlKey: true }), key: 'a' })).toBe(false);
    expect(isTextKey({ ...press('Space'), key: ' ' })).toBe(false);
    expect(isTextKey({ ...press('F5'), key: 'F5' })).toBe(false);
  });
});
