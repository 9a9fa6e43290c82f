import { posix } from "node:path";

/** A file, or a directory. `program`: the program that it is a copy of, where it can be run. */
export type File = { content: string; program?: string; directory?: boolean };
/** Files by their absolute path. */
export type Disk = Map<string, File>;
export type Mount = {
  path: string;
  disk: Disk /** What lies there on that disk. */;
  source: string;
  readOnly: boolean;
};
/** What the processes of one container see. Writing answers the system's own words where it cannot be done. */
export type Files = {
  read(path: string): File | undefined;
  write(path: string, file: File): string | undefined;
  remove(path: string): string | undefined;
  isDirectory(path: string): boolean;
  names(directory: string): string[];
  /** Whether a path is as the image brought it. */
  fromImage(path: string): boolean;
};

const directories =
  "/ /bin /dev /etc /home /opt /proc /root /run /sbin /sys /tmp /usr /usr/bin /usr/sbin /var /var/log /var/run /var/tmp".split(
    " ",
  );

export function newDisk(files: Record<string, string> = {}): Disk {
  const disk: Disk = new Map(directories.map((path) => [path, { content: "", directory: true }]));
  for (const [path, content] of Object.entries(files)) disk.set(path, { content });
  return disk;
}

/** The layers of a container: its mounts over what it wrote over its image. */
export function filesOf(image: Disk, mounts: readonly Mount[], readOnlyRoot: boolean): Files {
  const own: Disk = new Map();
  const gone = new Set<string>();
  const sorted = [...mounts].sort((a, b) => b.path.length - a.path.length);
  const place = (given: string) => {
    const path = posix.resolve("/", given);
    const mount = sorted.find((one) => path === one.path || path.startsWith(`${one.path}/`));
    if (!mount) return { path, disk: own, readOnly: readOnlyRoot, layered: true };
    const inside = posix.join(mount.source, path.slice(mount.path.length));
    return { path: posix.resolve("/", inside), disk: mount.disk, readOnly: mount.readOnly, layered: false };
  };
  const read = (given: string) => {
    const { path, disk, layered } = place(given);
    return disk.get(path) ?? (layered && !gone.has(path) ? image.get(path) : undefined);
  };
  const files: Files = {
    read,
    isDirectory(given) {
      const path = posix.resolve("/", given);
      return (
        read(path)?.directory === true ||
        mounts.some((one) => one.path === path || one.path.startsWith(`${path}/`))
      );
    },
    write(given, file) {
      const { path, disk, readOnly, layered } = place(given);
      if (readOnly) return "Read-only file system";
      if (!files.isDirectory(posix.dirname(posix.resolve("/", given)))) return "nonexistent directory";
      if (layered) gone.delete(path);
      disk.set(path, file);
      return undefined;
    },
    remove(given) {
      const { path, disk, readOnly, layered } = place(given);
      if (!read(given)) return "No such file or directory";
      if (readOnly) return "Read-only file system";
      disk.delete(path);
      if (layered) gone.add(path);
      return undefined;
    },
    names(directory) {
      const { path, disk, layered } = place(directory);
      const below = path === "/" ? "/" : `${path}/`;
      const all = [...disk.keys(), ...(layered ? [...image.keys()].filter((one) => !gone.has(one)) : [])];
      const names = all
        .filter((one) => one.startsWith(below) && one !== path)
        .map((one) => one.slice(below.length).split("/")[0]!);
      return [...new Set(names)].sort();
    },
    fromImage: (given) => {
      const { path, layered } = place(given);
      return layered && !own.has(path) && image.has(path);
    },
  };
  return files;
}
