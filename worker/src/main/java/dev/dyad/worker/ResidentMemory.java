package dev.dyad.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much of processes is in memory.
///
/// @see <a href="https://man7.org/linux/man-pages/man5/proc.5.html">proc(5)</a>, `status`
final class ResidentMemory {

    private static final String RESIDENT = "VmRSS:";
    private static final int KIBIBYTE = 1024;

    private ResidentMemory() {}

    /// Returns the bytes of a process and of all that descend from it; pages that they share count for each.
    static long ofTree(long pid) {
        return of(pid)
                + ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .mapToLong(child -> of(child.pid()))
                        .sum();
    }

    /// Returns the bytes of a process, or 0 where they are not known.
    static long of(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith(RESIDENT)) {
                    return Long.parseLong(line.substring(RESIDENT.length(), line.length() - " kB".length())
                                    .strip())
                            * KIBIBYTE;
                }
            }
        } catch (IOException | NumberFormatException notHere) {
            // as below
        }
        return 0;
    }
}
