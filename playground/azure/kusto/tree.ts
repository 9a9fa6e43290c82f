export type Column = { name: string; type: string };

/** A node or token of a query's syntax tree, as plain data. */
export type Syntax = {
  /** The name of its kind in Microsoft's parser: `FilterOperator`. */
  kind: string;
  /** What it is in its parent: `Condition`, `Left`, … */
  role?: string;
  children: Syntax[];
  /** Tokens only: as it is spelt. */
  text?: string;
  /** Tokens of strings only: what is between the quotes. */
  value?: string;
  /** Expressions only: the static type, `string`, `dynamic`, `long`, … */
  type?: string;
  /** The columns, where it gives a table. */
  columns?: Column[];
};

/** The child that plays a role in its parent (`Condition`, `Left`, …). */
export function child(node: Syntax, role: string): Syntax | undefined {
  return node.children.find((one) => one.role === role);
}

/** As {@link child}, for roles that the grammar guarantees. */
export function must(node: Syntax, role: string): Syntax {
  const inner = child(node, role);
  if (!inner) throw new Error(`${node.kind} has no ${role}`);
  return inner;
}

/** The elements of a comma-separated list that plays a role, without the commas. */
export function items(node: Syntax, role: string): Syntax[] {
  const list = child(node, role);
  if (!list) return [];
  return list.children.map((one) => (one.kind === "SeparatedElement" ? one.children[0]! : one));
}

/** The name in a reference or declaration, without the brackets and quotes of `['a b']`. */
export function nameOf(node: Syntax): string {
  const { kind, text, value } = node;
  if (text !== undefined) return value ?? text;
  if (kind === "BracketedName" || kind === "NameReference" || kind === "NameDeclaration")
    return nameOf(must(node, "Name"));
  const [token] = node.children;
  return token ? nameOf(token) : "";
}

/** Every node below (and with) this one, in order of the text. */
export function* walk(node: Syntax): Generator<Syntax> {
  yield node;
  for (const one of node.children) yield* walk(one);
}

/** The static type of an expression. */
export function typeOf({ type = "unknown" }: Syntax): string {
  return type;
}

/** The columns that Microsoft's analysis gives to the result of a tabular expression or operator. */
export function columnsOf({ columns = [] }: Syntax): Column[] {
  return columns;
}
