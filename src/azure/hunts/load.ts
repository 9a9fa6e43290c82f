import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Hunt, type HuntProblem, parseHunt } from "../../domain/hunts/hunts.ts";

/** Hunts by name, in order of their names, and the files that are none. */
export type Hunts = { hunts: Hunt[]; problems: HuntProblem[] };

const shipped = fileURLToPath(new URL("../queries/hunts/", import.meta.url));
const mostFiles = 200;

/**
 * The hunts that come with the bot, and those of the operator's folder. A file that is wrong is named and spoils no other;
 * nor does one that has the name of another.
 */
export async function loadHunts(folder: string | undefined): Promise<Hunts> {
  const own = folder === undefined ? { hunts: [], problems: [] } : await readFolder(folder, true);
  const { hunts, problems } = await readFolder(shipped, false);
  const names = new Set(hunts.map(({ name }) => name));
  const taken = own.hunts.filter(({ name }) => names.has(name));
  return {
    hunts: [...hunts, ...own.hunts.filter(({ name }) => !names.has(name))].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    ),
    problems: [
      ...problems,
      ...own.problems,
      ...taken.map(({ name }) => ({
        file: join(folder ?? "", `${name}.kql`),
        line: 1,
        problem: `a hunt "${name}" comes with Breakwater: choose another file name`,
      })),
    ],
  };
}

async function readFolder(folder: string, own: boolean): Promise<Hunts> {
  const result: Hunts = { hunts: [], problems: [] };
  const fail = (file: string, error: unknown) =>
    result.problems.push({
      file,
      line: 1,
      problem: `can't be read: ${(error as NodeJS.ErrnoException).code ?? error}`,
    });
  const files = await readdir(folder).catch((error: unknown) => {
    fail(folder, error);
    return [];
  });
  const queries = files.filter((name) => name.endsWith(".kql")).sort();
  if (queries.length > mostFiles)
    result.problems.push({ file: folder, line: 1, problem: `only the first ${mostFiles} files are used` });
  for (const file of queries.slice(0, mostFiles)) {
    const path = own ? join(folder, file) : file;
    try {
      const read = parseHunt(file, await readFile(join(folder, file), "utf8"), own);
      if ("hunt" in read) result.hunts.push(read.hunt);
      else result.problems.push({ ...read.problem, file: path });
    } catch (error) {
      fail(path, error);
    }
  }
  return result;
}
