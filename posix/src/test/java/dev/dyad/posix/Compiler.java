package dev.dyad.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A C compiler, asked what it thinks.
///
/// @param command its name on the `PATH`
/// @param hint the package that brings it
record Compiler(String command, String hint) {

    static final Compiler AARCH64 = new Compiler("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu");

    /// That of the processor that this JVM is for, which may be one that is emulated.
    static final Compiler NATIVE = Boolean.getBoolean("dyad.emulated") ? AARCH64 : new Compiler("cc", "gcc");

    /// Returns what it complains about in `source`, nothing if all is well.
    String complaintsAbout(String source) throws IOException, InterruptedException {
        return output(source, "-fsyntax-only");
    }

    /// Returns every macro that is defined after `source`, as `#define` lines.
    Stream<String> macros(String source) throws IOException, InterruptedException {
        return output(source, "-dM", "-E").lines();
    }

    private String output(String source, String... options) throws IOException, InterruptedException {
        demandIt();
        var line = new ArrayList<>(List.of(command));
        line.addAll(List.of(options));
        line.addAll(List.of("-x", "c", "-"));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        try (var input = process.getOutputStream()) {
            input.write(source.getBytes(UTF_8));
        }
        try (var output = process.getInputStream()) {
            return new String(output.readAllBytes(), UTF_8);
        } finally {
            process.waitFor();
        }
    }

    private void demandIt() {
        String missing = command + " is missing: install the package " + hint;
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            assertThat(isThere()).as(missing).isTrue();
        } else {
            assumeTrue(isThere(), missing);
        }
    }

    private boolean isThere() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }
}
