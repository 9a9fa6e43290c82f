import type { Inventory, InventoryKind } from "../../domain/inventory/inventory.ts";
import type { Language } from "../../locales/language.ts";
import type { Cell, MenuOption, Table } from "../../message/message.ts";

/** How the things of one kind are shown, searched, led further and written to a file. */
export type View<Item> = {
  items(inventory: Inventory): readonly Item[];
  /** What a search looks at: its own words, and those of what it is linked to. */
  texts(item: Item): (string | undefined)[];
  columns(language: Language): Table["table"]["columns"];
  row(item: Item, language: Language): Cell[];
  /** Where the menu leads. */
  option(item: Item): MenuOption;
  /** In both languages the same: a file is for machines. */
  header: readonly string[];
  csv(item: Item): (string | number | undefined)[];
};

/** One view, whatever its kind of thing. */
export type AnyView = Omit<View<unknown>, "items"> & { items(inventory: Inventory): readonly unknown[] };

export type Views = Record<InventoryKind, AnyView>;

/** A view as one of any kind: its items go only to its own functions. */
export function viewOf<Item>(view: View<Item>): AnyView {
  return view as AnyView;
}
