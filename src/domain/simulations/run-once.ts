/** Exit code of a command that was begun before and has not ended; none that programs use by themselves [sysexits.h]. */
export const stillRunning = 213;

/**
 * `$0` names the attempt. Making a directory either works or finds it there, so of two calls one runs the command; its
 * output goes to a file, because a connection that is lost would end a program that writes to it.
 */
const script = [
  'd=/tmp/.$0; mkdir -p /tmp; if mkdir "$d" 2>/dev/null; then "$@" > "$d/out" 2>&1; echo $? > "$d/code"; fi',
  // Where nothing can be written there is nothing to remember it by.
  '[ -d "$d" ] || exec "$@"',
  `[ -s "$d/code" ] || exit ${stillRunning}`,
  'cat "$d/out"; exit $(cat "$d/code")',
].join("; ");

/**
 * A command that is run once in a container, however often this is called: the answer of the first call is kept there,
 * so that a call whose answer was lost, or whose caller died, is made again without doing anything again. A call while
 * it runs answers `stillRunning`.
 * @param name of the attempt, the same for each call: letters, digits and hyphens
 */
export function runOnce(name: string, command: readonly string[]): string[] {
  return ["sh", "-c", script, `breakwater-${name}`, ...command];
}
