import type { Measurement } from './types.ts';

/** Measurements of one study with undo and redo. Plain data; every change gives a new state. */
export interface Annotations {
  readonly items: readonly Measurement[];
  readonly selectedId: string | null;
  readonly past: readonly (readonly Measurement[])[];
  readonly future: readonly (readonly Measurement[])[];
}

export type AnnotationAction =
  | { readonly kind: 'add'; readonly measurement: Measurement }
  /** Replaces the measurement of the same id; a running drag merges into one step. */
  | { readonly kind: 'edit'; readonly measurement: Measurement; readonly merge: boolean }
  | { readonly kind: 'remove'; readonly id: string }
  | { readonly kind: 'select'; readonly id: string | null }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' };

export const undoSteps = 200;
export const noAnnotations: Annotations = { items: [], selectedId: null, past: [], future: [] };

function changed(state: Annotations, items: readonly Measurement[], selectedId: string | null): Annotations {
  return { items, selectedId, past: [...state.past, state.items].slice(-undoSteps), future: [] };
}

export function annotate(state: Annotations, action: AnnotationAction): Annotations {
  switch (action.kind) {
    case 'add':
      return changed(state, [...state.items, action.measurement], action.measurement.id);
    case 'edit': {
      const { measurement } = action;
      if (!state.items.some((m) => m.id === measurement.id)) return state;
      const items = state.items.map((m) => (m.id === measurement.id ? measurement : m));
      return action.merge ? { ...state, items } : changed(state, items, measurement.id);
    }
    case 'remove': {
      const items = state.items.filter((m) => m.id !== action.id);
      if (items.length === state.items.length) return state;
      return changed(state, items, state.selectedId === action.id ? null : state.selectedId);
    }
    case 'select':
      return state.selectedId === action.id ? state : { ...state, selectedId: action.id };
    case 'undo': {
      const before = state.past.at(-1);
      if (!before) return state;
      return {
        items: before,
        selectedId: kept(before, state.selectedId),
        past: state.past.slice(0, -1),
        future: [state.items, ...state.future],
      };
    }
    case 'redo': {
      const after = state.future[0];
      if (!after) return state;
      return {
        items: after,
        selectedId: kept(after, state.selectedId),
        past: [...state.past, state.items],
        future: state.future.slice(1),
      };
    }
  }
}

const kept = (items: readonly Measurement[], id: string | null): string | null =>
  items.some((m) => m.id === id) ? id : null;
