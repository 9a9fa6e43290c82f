import { execFile } from "node:child_process";
import { describe, expect, it } from "vitest";
import { filesOf, newDisk } from "../../playground/kubernetes/node/disk.ts";
import { imageOf } from "../../playground/kubernetes/node/images.ts";
import { start } from "../../playground/kubernetes/shell/execute.ts";
import type { Process } from "../../playground/kubernetes/shell/process.ts";

type Result = { out: string; code: number };

/** Runs a command as a container of the stand-in does. */
async function inStandIn(
  argv: readonly string[],
  image = "docker.io/library/debian:12",
): Promise<Result & { drifted: string[] }> {
  const out: string[] = [];
  const drifted: string[] = [];
  const process: Process = {
    argv,
    env: { PATH: "/bin" },
    cwd: "/tmp",
    files: filesOf(imageOf(image).disk, [], false),
    stdin: "",
    out: (text) => void out.push(text),
    err: () => undefined,
    signal: new AbortController().signal,
    place: {
      hostname: "pod",
      user: 0,
      pause: async () => undefined,
      now: () => new Date(),
      drifted: (binary) => void drifted.push(binary),
      main: async () => 0,
    },
  };
  const code = await start(process, argv);
  return { out: out.join(""), code, drifted };
}

/** Runs a script with the machine's own shell. */
const inReality = (script: string, args: readonly string[]) =>
  new Promise<Result>((resolve) => {
    execFile("/bin/sh", ["-c", script, "sh", ...args], { cwd: "/" }, (error, out) =>
      resolve({ out, code: error ? Number(error.code) : 0 }),
    );
  });

describe("the shell of the stand-in's containers", () => {
  it.each([
    "echo one; echo two",
    'printf \'%s-%s\\n\' "$1" "$2"',
    'for word in "$@"; do echo "[$word]"; done',
    'for word in $*; do echo "[$word]"; done',
    "false || echo saved; true && echo went; false && echo no",
    "exit 7",
    "false; echo $?; true; echo $?",
    `x=1; y="$x$x"; echo "$y \${y} $#"`,
    "a='it'\\''s'; echo \"$a\" '$a' \"\\$a\"",
    'echo "a  b"   c\\ d e',
    "v='a   b'; echo $v; echo \"$v\"",
    "echo $(echo inner; echo more)",
    "x=$(false); echo $?",
    "if [ a = b ]; then echo same; else echo other; fi",
    "if false; then echo never; fi; echo $?",
    "[ a = b ]; echo $?; [ -d /none ]; echo $?; [ -s /none ] || echo empty",
    "echo err >&2; echo out",
    "ls /none 2>/dev/null && echo never; echo after",
    "ls /none > /dev/null 2>&1 || echo failed",
    "cat /none 2>/dev/null || exit 3",
    "nothing-of-this-name 2>/dev/null; echo $?",
    "exec echo last; echo never",
    "trap 'echo bye' EXIT; echo hello",
    "echo a & wait; echo b",
    "echo 'unterminated",
  ])("does as the real one: %s", async (script) => {
    const args = ["one two", "three"];
    const real = await inReality(script, args);
    const { out, code } = await inStandIn(["sh", "-c", script, "sh", ...args]);
    expect({ out, code }).toEqual(real);
  });

  it("keeps files and removes them, and says where it cannot", async () => {
    const script =
      "mkdir a && echo x > a/c && cat a/c >> a/d && cp a/d e && rm e && ls a && cat a/d && rm -f none && ls e";
    expect(await inStandIn(["sh", "-c", script])).toEqual({ out: "c\nd\nx\n", code: 1, drifted: [] });
    const nowhere = await inStandIn(["sh", "-c", "echo x > /none/file && echo written"]);
    expect([nowhere.out, nowhere.code]).toEqual(["", 1]);
  });

  it.each(["echo a | cat", "(echo a)", "echo `date`", `echo \${x:-y}`])(
    "refuses what it does not know: %s",
    async (script) => {
      expect(await inStandIn(["sh", "-c", script])).toMatchObject({ out: "", code: 2 });
    },
  );

  it("sees a copy of a program as drift, the image's own programs not", async () => {
    const script = "cp /proc/self/exe /tmp/busybox-x && /tmp/busybox-x --help && echo copied && /bin/true";
    const { out, code, drifted } = await inStandIn(
      ["sh", "-c", script],
      "mcr.microsoft.com/cbl-mariner/busybox:2.0",
    );
    expect(out).toMatch(/^BusyBox v[\s\S]*copied\n$/);
    expect([code, drifted]).toEqual([0, ["/tmp/busybox-x"]]);
    const renamed = await inStandIn(["sh", "-c", "cp /proc/self/exe /tmp/other && /tmp/other"], "busybox");
    expect([renamed.code, renamed.drifted]).toEqual([127, ["/tmp/other"]]);
  });

  it("writes nothing where the root file system is read-only, but into its mounts", () => {
    const disk = newDisk();
    const files = filesOf(
      newDisk(),
      [{ path: "/host/var/tmp", disk, source: "/var/tmp", readOnly: false }],
      true,
    );
    expect(files.write("/tmp/a", { content: "" })).toBe("Read-only file system");
    expect(files.write("/host/var/tmp/a", { content: "x" })).toBeUndefined();
    expect(disk.get("/var/tmp/a")?.content).toBe("x");
    expect(files.names("/host/var/tmp")).toEqual(["a"]);
  });
});
