/**
 * Where each column of a query comes from, in order: read out of the query itself, so that the documents cannot say
 * anything else. What `extend` names is written out.
 */
export function querySources(query: string): Map<string, string[]> {
  const text = query.replace(/\s+/g, " ");
  const names = new Map<string, string>();
  for (const [, name = "", path = ""] of text.matchAll(/\b(\w+) = (properties(?:\.\w+)+)(?=,| \|)/g))
    names.set(name, path);
  for (const [, name = "", first = ""] of text.matchAll(
    /\b(\w+) = (?:parse_json\()?coalesce\((?:tostring\()?((?:\w+\.)+\w+)/g,
  ))
    if (/^(exploits|scores|scanners)$/.test(name)) names.set(name, writtenOut(first, names));
  const projected = text.slice(text.indexOf("| project "), text.indexOf("| order by "));
  const sources = new Map<string, string[]>();
  for (const part of projected.split(/, (?=\w+ = )/)) {
    const [, column = "", value = ""] = /\b(\w+) = ([\s\S]*)$/.exec(part) ?? [];
    const paths = [...value.matchAll(/tostring\(([\w.[\]']+)\)/g)].map(([, path = ""]) =>
      writtenOut(path, names),
    );
    const [plain] = /^properties(?:\.\w+)+$/.exec(value.trim()) ?? [];
    if (plain && paths.length === 0) paths.push(plain);
    if (paths.length > 0) sources.set(column, distinctCases(paths));
  }
  return sources;
}

function writtenOut(path: string, names: ReadonlyMap<string, string>): string {
  const [, first = "", rest = ""] = /^(\w+)([\s\S]*)$/.exec(path) ?? [];
  return `${names.get(first) ?? first}${rest}`;
}

/** Both spellings of one name are one source. */
function distinctCases(paths: readonly string[]): string[] {
  return [...new Map(paths.toReversed().map((path) => [path.toLowerCase(), path])).values()].reverse();
}
