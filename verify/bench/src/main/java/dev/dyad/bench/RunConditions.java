package dev.dyad.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/// Where and when the figures were taken; without it they say nothing.
record RunConditions(String processor, int cores, String kernel, String jdk, Instant date) {

    static RunConditions current() throws IOException {
        return new RunConditions(
                modelName(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vendor.version") + ", " + System.getProperty("java.vm.name"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /// Returns one line for people.
    String text() {
        return "%s, %d cores, %s, %s, %s".formatted(processor, cores, kernel, jdk, date);
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
