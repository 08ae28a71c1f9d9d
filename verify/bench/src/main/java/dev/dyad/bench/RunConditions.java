package dev.dyad.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Stream;

/// Where and when the figures were taken; without it they say nothing.
///
/// @param load how many processes wanted a core, in the mean of the minute before
record RunConditions(String processor, int cores, double load, String kernel, String jdk, Instant date) {

    static RunConditions current() throws IOException {
        return new RunConditions(
                modelName(),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vendor.version") + ", " + System.getProperty("java.vm.name"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /// Returns one line for people.
    String text() {
        return String.format(
                Locale.ROOT, "%s, %d cores, load %.1f, %s, %s, %s", processor, cores, load, kernel, jdk, date);
    }

    private static String modelName() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch")); // not every architecture's kernel tells
        }
    }
}
