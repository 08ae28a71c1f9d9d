package dev.dyad.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Stream;

/// Where and when the figures were taken; without it they say nothing. Not whose machine it was: that is nobody's
/// business.
///
/// @param load how many processes wanted a core, in the mean of the minute before; less than nothing where nobody knows
/// @param memory in MiB; 0 where nobody knows
/// @param system the distribution; empty where nobody knows
/// @param kernel without what a distribution adds to its version
record RunConditions(
        String processor, int cores, double load, long memory, String system, String kernel, String jdk, Instant date) {

    static RunConditions current() throws IOException {
        return new RunConditions(
                valueOf(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Long.parseLong(valueOf(Path.of("/proc/meminfo"), "MemTotal", "0 kB")
                                .split(" ")[0])
                        / 1024,
                valueOf(Path.of("/etc/os-release"), "PRETTY_NAME", "").replace("\"", ""),
                System.getProperty("os.name") + " "
                        + System.getProperty("os.version").replaceFirst("-.*", ""),
                System.getProperty("java.vendor.version") + ", " + System.getProperty("java.vm.name"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /// Returns a line for people.
    String text() {
        String amount = memory == 0 ? "" : String.format(Locale.ROOT, ", %.0f GiB", memory / 1024.0);
        String on = system.isEmpty() ? kernel : system + ", " + kernel;
        return "%s, %d cores%s%s, %s, %s, %s".formatted(processor, cores, amount, busy(), on, jdk, date);
    }

    /// Returns how busy it was, to be added to a line, or nothing.
    String busy() {
        return load < 0 ? "" : String.format(Locale.ROOT, ", load %.1f before", load);
    }

    /// Returns what stands behind a name and a sign; not every system has the file, nor every file the name.
    private static String valueOf(Path file, String name, String otherwise) throws IOException {
        if (!Files.isReadable(file)) {
            return otherwise;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.matches(name + "\\s*[:=].*"))
                    .map(line -> line.split("[:=]", 2)[1].strip())
                    .findFirst()
                    .orElse(otherwise);
        }
    }
}
