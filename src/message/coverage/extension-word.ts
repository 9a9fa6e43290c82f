import { findExtension } from "../../domain/catalogue/extensions.ts";
import type { Language } from "../../locales/language.ts";

/** The portal's word for an extension of a plan; a name that the catalogue does not have stays as it is. */
export function extensionWord(name: string, language: Language): string {
  return findExtension(name)?.portal[language] ?? name;
}
