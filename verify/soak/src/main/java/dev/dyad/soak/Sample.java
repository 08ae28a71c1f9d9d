package dev.dyad.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What this process takes at one moment.
///
/// @param second since the start
/// @param descriptors that are open
/// @param threads of the platform, without those that carry virtual ones
/// @param children that are there, zombies among them
/// @param resident memory in bytes, the heap's among it
/// @param heap bytes of it that are used
record Sample(double second, long descriptors, long threads, long children, long resident, long heap) {

    private static final Path SELF = Path.of("/proc/self");

    /// @param begin when the soak began, as `System.nanoTime` has it
    static Sample since(long begin) throws IOException {
        Runtime runtime = Runtime.getRuntime();
        return new Sample(
                (System.nanoTime() - begin) / 1e9,
                names(SELF.resolve("fd")).size() - 1, // without that of the listing
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !isCarrier(thread))
                        .count(),
                childrenNow(),
                residentNow(),
                runtime.totalMemory() - runtime.freeMemory());
    }

    /// As many as there are cores, which come and go with what there is to carry.
    private static boolean isCarrier(Thread thread) {
        return thread.getName().startsWith("ForkJoinPool-") || thread.getName().startsWith("VirtualThread-");
    }

    /// A process is listed with the thread that started it, or with another one when that has ended.
    private static long childrenNow() throws IOException {
        long children = 0;
        for (Path task : names(SELF.resolve("task"))) {
            try {
                String pids = Files.readString(task.resolve("children")).strip();
                children += pids.isEmpty() ? 0 : pids.split(" ").length;
            } catch (IOException e) {
                // the thread has ended, before or while it was read
            }
        }
        return children;
    }

    private static long residentNow() throws IOException {
        try (Stream<String> lines = Files.lines(SELF.resolve("status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(kilobytes -> Long.parseLong(kilobytes) << 10)
                    .findFirst()
                    .orElse(0);
        }
    }

    private static List<Path> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// Returns whether nothing has come or gone since another one.
    boolean hasTheSameAs(Sample other) {
        return descriptors == other.descriptors && threads == other.threads && children == other.children;
    }
}
