package dev.dyad.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who had how many of the cores while something was measured: 0.5 is half of one core, all the time.
///
/// @param ours this JVM, and every process that it started and that has ended
/// @param others whatever else the system ran
/// @param stolen what the machine below this one gave to others, if this one is virtual
record CoreUse(double ours, double others, double stolen) {

    /// Returns it as a part of a sentence.
    String text() {
        return String.format(Locale.ROOT, "%.2f cores by us, %.2f by others, %.2f stolen", ours, others, stolen);
    }

    /// What the system has counted so far, in its ticks.
    ///
    /// @param nanos when
    record Reading(long nanos, long ours, long busy, long stolen) {

        private static final double TICKS_PER_NANO = 100 / 1e9; // of a core; what Linux tells is in these everywhere

        /// Reads, or returns null where the system does not tell.
        static @Nullable Reading now() {
            try {
                long[] all = numbers(read("/proc/stat"), "cpu ".length(), 0, 8);
                String self = read("/proc/self/stat");
                long[] mine = numbers(self, self.lastIndexOf(')') + ") S ".length(), 10, 4); // utime … cstime
                return new Reading(
                        System.nanoTime(),
                        LongStream.of(mine).sum(),
                        all[0] + all[1] + all[2] + all[5] + all[6], // user, nice, system, irq, softirq
                        all[7]);
            } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
                return null;
            }
        }

        private static String read(String file) throws IOException {
            return Files.readString(Path.of(file)).lines().findFirst().orElse("");
        }

        CoreUse since(Reading before) {
            double ticks = (nanos - before.nanos) * TICKS_PER_NANO;
            double mine = (ours - before.ours) / ticks;
            double all = (busy - before.busy) / ticks;
            return new CoreUse(mine, Math.max(0, all - mine), (stolen - before.stolen) / ticks);
        }

        /// Returns some of the numbers of a line: others of them are too large.
        private static long[] numbers(String line, int from, int skipped, int wanted) {
            return Stream.of(line.substring(from).strip().split(" +"))
                    .skip(skipped)
                    .limit(wanted)
                    .mapToLong(Long::parseLong)
                    .toArray();
        }
    }
}
