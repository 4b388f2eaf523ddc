import { maskName, maskNames } from '../../../../core/terms/mask.ts';
import { type ReadingTerm, readingTerms } from '../../../../core/terms/reading.ts';
import { type Language, say, type Term } from '../../../../core/terms/term.ts';
import type { MaskItem } from './mask-state.ts';

const ownTerm = (nameId: string): Term | undefined => {
  const key = `reading.maskName.${nameId}`;
  return Object.hasOwn(readingTerms, key) ? readingTerms[key as ReadingTerm] : undefined;
};

/** Words for a layer: its own name, else that of the table. */
export function layerName(
  { nameId, customName }: Pick<MaskItem, 'nameId' | 'customName'>,
  language: Language,
): string {
  if (customName) return customName;
  const term = maskName(nameId) ?? (nameId === null ? undefined : ownTerm(nameId));
  return say(language, term ?? readingTerms['reading.maskName.painting']);
}

/** Names to choose from, with the present one where it is of another kind. */
export function nameChoices(nameId: string | null): readonly (Term & { readonly id: string })[] {
  const own = nameId === null || maskName(nameId) ? undefined : ownTerm(nameId);
  return [...(own && nameId ? [{ id: nameId, ...own }] : []), ...maskNames];
}
