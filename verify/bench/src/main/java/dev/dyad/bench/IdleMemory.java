package dev.dyad.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Prints how many bytes an open end takes that nobody has used yet: what N more of them add to the used heap after a
/// collection, and to the process's resident memory, in a JVM whose heap does not grow.
///
/// What the kernel holds for an end is not in it.
public final class IdleMemory {

    static final String HEAP = "heap";
    /// Heap, and what the process grew by.
    static final String ALL = "all";

    private static final int WARMUP = 100;
    private static final int COLLECTIONS = 3;

    private IdleMemory() {}

    /// Measures.
    ///
    /// @param arguments whose ends, and how many pairs to add to as many
    public static void main(String[] arguments) throws IOException {
        int pairs = Integer.parseInt(arguments[1]);
        for (int i = 0; i < WARMUP; i++) {
            PeerPairs.open(arguments[0]).close();
        }
        var open = new ArrayList<Peer.Ends>(2 * pairs);
        open(arguments[0], pairs, open);
        Memory _ = Memory.now(); // what looking takes is there by then
        Memory before = Memory.now();
        open(arguments[0], pairs, open);
        Memory after = Memory.now();
        double heap = (after.heap - before.heap) / (2.0 * pairs);
        double resident = (after.resident - before.resident) / (2.0 * pairs);
        System.out.println(HEAP + "=" + heap);
        System.out.println(ALL + "=" + (heap + resident));
        for (Peer.Ends each : open) {
            each.close();
        }
    }

    private static void open(String who, int pairs, List<Peer.Ends> open) throws IOException {
        for (int i = 0; i < pairs; i++) {
            open.add(PeerPairs.open(who));
        }
    }

    private record Memory(long heap, long resident) {

        static Memory now() throws IOException {
            for (int i = 0; i < COLLECTIONS; i++) {
                System.gc();
            }
            return new Memory(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), residentBytes());
        }

        private static long residentBytes() throws IOException {
            for (String line : Files.readAllLines(Path.of("/proc/self/smaps_rollup"))) {
                if (line.startsWith("Rss:")) {
                    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            throw new IOException("no Rss in smaps_rollup");
        }
    }
}
