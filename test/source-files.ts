import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join, relative, sep } from "node:path";

export type Import = {
  /** A path below `src/`, a package's name, or `node:…`; `../…` where it leads out of `src/`. */
  to: string;
  /** Gone before the program runs: it asks for nothing but the shape. */
  type: boolean;
};
export type SourceFile = {
  /** Below `src/`, with slashes. */
  path: string;
  text: string;
  /** The program without its types; comments and texts are still there. */
  program: string;
  imports: Import[];
};

const statement =
  /^\s*(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*[,)]/gm;

/** Reads every TypeScript file below a folder, and what each imports: Node's own type stripping tells types apart. */
export function sourceFiles(src: string): SourceFile[] {
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => {
      const text = readFileSync(join(src, path), "utf8");
      return fileOf(path.split(sep).join("/"), text);
    });
}

export function fileOf(path: string, text: string): SourceFile {
  const program = stripTypeScriptTypes(text);
  const kept = new Set(specifiers(program));
  const imports = [...new Set(specifiers(text))].map((specifier) => ({
    to: specifier.startsWith(".") ? relative(".", join(dirname(path), specifier)) : packageOf(specifier),
    type: !kept.has(specifier),
  }));
  return { path, text, program, imports };
}

function specifiers(text: string): string[] {
  return [...text.matchAll(statement)].map(([, from, plain, dynamic]) => from ?? plain ?? dynamic ?? "");
}

function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
