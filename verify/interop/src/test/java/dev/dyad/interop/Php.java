package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// A PHP of this machine: the installed one, or one that `verify/interop/fetch-php` has unpacked as well.
///
/// @param program what runs it
/// @param minor its version without the patch, such as `8.6`
public record Php(String program, String minor) {

    private static final String INSTALLED = "php";

    /// Returns all that are there, the oldest first.
    ///
    /// With `CI=true` there must be an installed one; the others may be missing, as they need a network.
    public static List<Php> all() {
        Interpreters.require(INSTALLED);
        var programs = new ArrayList<>(List.of(INSTALLED));
        try (Stream<Path> files = Files.exists(folder()) ? Files.list(folder()) : Stream.empty()) {
            files.filter(Files::isExecutable)
                    .filter(file -> file.getFileName().toString().matches("php\\d+\\.\\d+"))
                    .forEach(file -> programs.add(file.toString()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        List<Php> all = programs.stream()
                .map(Php::of)
                .sorted(Comparator.comparingInt(Php::number))
                .toList();
        System.out.println("PHP here: " + all);
        return all;
    }

    /// Returns the newest that is there.
    public static Php newest() {
        return all().getLast();
    }

    /// Returns whether this is `other`, or newer.
    public boolean isAtLeast(String other) {
        return number(minor) >= number(other);
    }

    /// Returns whether it is this machine's own, which has the same C library as Java: the texts of error numbers are
    /// that one's.
    boolean isInstalled() {
        return program.equals(INSTALLED);
    }

    /// Returns what it prints when it runs `code`, which has to succeed.
    String says(String code, String... arguments) throws IOException, InterruptedException {
        return output(program, code, arguments);
    }

    @Override
    public String toString() {
        return "PHP " + minor;
    }

    private int number() {
        return number(minor);
    }

    private static int number(String minor) {
        int[] parts =
                Arrays.stream(minor.split("\\.")).mapToInt(Integer::parseInt).toArray();
        return parts[0] * 1000 + parts[1];
    }

    private static Php of(String program) {
        try {
            return new Php(program, output(program, "echo PHP_MAJOR_VERSION, '.', PHP_MINOR_VERSION;"));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(program, e);
        }
    }

    private static String output(String program, String code, String... arguments)
            throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(program, "-r", code));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(program).isZero();
        return output;
    }

    /// Where `fetch-php` puts them.
    private static Path folder() {
        String named = System.getenv("DYAD_PHPS");
        if (named != null) {
            return Path.of(named);
        }
        String caches = Objects.requireNonNullElse(
                System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home") + "/.cache");
        return Path.of(caches, "dyad/php");
    }
}
