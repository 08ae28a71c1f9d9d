package dev.dyad.cli;

import dev.dyad.posix.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringTokenizer;
import java.util.stream.Stream;

/// What the machine is, and how much of it we may use.
final class Machine {

    private static final String LIMIT = "Max open files";

    private Machine() {}

    static Report report(Platform os) {
        String why = os.whyNotNative();
        return new Report("Machine")
                .add("kernel", property("os.name") + " " + property("os.version") + ", " + property("os.arch"))
                .add("C library", why == null ? os.libc() : "not asked: " + why)
                .add("JDK", property("java.runtime.version") + ", " + property("java.vendor"))
                .add("JDK's folder", property("java.home"))
                .add("native access", why == null ? "granted to dev.dyad.posix" : "none: " + why)
                .add("descriptors", descriptors());
    }

    private static String descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count() + " open, " + limit(Files.readAllLines(Path.of("/proc/self/limits")));
        } catch (IOException e) {
            return "limit not known: there is no " + e.getMessage();
        }
    }

    /// Reads the line `Max open files  1024  524288  files` of `/proc/self/limits`.
    static String limit(List<String> lines) {
        return fields(lines.stream())
                .map(fields -> fields.nextToken() + " allowed, at most " + fields.nextToken() + " on request")
                .orElse("limit not known");
    }

    private static Optional<StringTokenizer> fields(Stream<String> lines) {
        return lines.filter(line -> line.startsWith(LIMIT))
                .map(line -> new StringTokenizer(line.substring(LIMIT.length())))
                .findFirst();
    }

    /// Returns how many descriptors this process may have, if that can be read and is a number.
    static OptionalLong mostDescriptors() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
            return fields(lines).map(StringTokenizer::nextToken).stream()
                    .filter(most -> most.matches("\\d{1,18}"))
                    .mapToLong(Long::parseLong)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static String property(String name) {
        return System.getProperty(name, "?");
    }
}
