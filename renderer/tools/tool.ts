import type { ReadingTerm } from '../../core/terms/reading.ts';

export type ToolId =
  | 'window'
  | 'zoom'
  | 'pan'
  | 'scroll'
  | 'crosshair'
  | 'length'
  | 'ellipse'
  | 'rectangle'
  | 'probe'
  | 'centreline'
  | 'scissors'
  | 'brush'
  | 'eraser'
  | 'grow'
  | 'keepPart'
  | 'dropPart';

/** A tool of the left button: its name, its key, and the pointer it shows. */
export interface Tool {
  readonly id: ToolId;
  readonly term: ReadingTerm;
  readonly key: string;
  readonly cursor: string;
  readonly measures: boolean;
  /** Of planes and 3D; a stack has none of it. */
  readonly ofVolumes?: boolean;
  /** Changes masks: its button is in the panel, not in the bar. */
  readonly ofMasks?: boolean;
}

const maskTool = (id: ToolId, term: ReadingTerm, key: string): Tool => ({
  id,
  term,
  key,
  cursor: 'crosshair',
  measures: false,
  ofVolumes: true,
  ofMasks: true,
});

export const tools: readonly Tool[] = [
  { id: 'window', term: 'reading.window', key: 'KeyW', cursor: 'ns-resize', measures: false },
  { id: 'zoom', term: 'reading.zoom', key: 'KeyZ', cursor: 'zoom-in', measures: false },
  { id: 'pan', term: 'reading.pan', key: 'KeyP', cursor: 'grab', measures: false },
  { id: 'scroll', term: 'reading.scroll', key: 'KeyS', cursor: 'row-resize', measures: false },
  {
    id: 'crosshair',
    term: 'reading.crossTool',
    key: 'KeyO',
    cursor: 'crosshair',
    measures: false,
    ofVolumes: true,
  },
  {
    id: 'centreline',
    term: 'reading.centreline',
    key: 'Shift+KeyL',
    cursor: 'crosshair',
    measures: false,
    ofVolumes: true,
  },
  maskTool('scissors', 'reading.scissors', 'KeyT'),
  maskTool('keepPart', 'reading.keepPart', 'Shift+KeyK'),
  maskTool('dropPart', 'reading.dropPart', 'Shift+KeyD'),
  maskTool('grow', 'reading.growRegion', 'KeyG'),
  maskTool('brush', 'reading.brush', 'KeyB'),
  maskTool('eraser', 'reading.eraser', 'Shift+KeyE'),
  { id: 'length', term: 'reading.length', key: 'KeyL', cursor: 'crosshair', measures: true },
  { id: 'ellipse', term: 'reading.ellipse', key: 'KeyE', cursor: 'crosshair', measures: true },
  { id: 'rectangle', term: 'reading.rectangle', key: 'KeyU', cursor: 'crosshair', measures: true },
  { id: 'probe', term: 'reading.probe', key: 'KeyQ', cursor: 'crosshair', measures: false },
];

export const toolOf = (id: ToolId): Tool => tools.find((tool) => tool.id === id) ?? tools[0]!;
