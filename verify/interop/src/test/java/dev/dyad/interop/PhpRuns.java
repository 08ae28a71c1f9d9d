package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Runs programs in PHP and in Java, from their source files.
final class PhpRuns {

    static final Path ROOT = Path.of(System.getProperty("dyad.root"));

    private PhpRuns() {}

    /// What a program printed.
    record Output(int exit, String out, String err) {}

    /// Runs `java FILE`, with Dyad on the class path.
    static Output java(Path file, String... options) throws Exception {
        return run(javaCommand(classPath(), file, options));
    }

    static List<String> javaCommand(String classPath, Path file, String... options) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--class-path", classPath, file.toString()));
        return command;
    }

    /// Runs `php FILE`; where there is none, the test is void, or fails if `CI` is set.
    static Output php(Path file) throws Exception {
        Interpreters.require("php");
        return php("php", file);
    }

    /// Runs `PROGRAM FILE`, where the program is a PHP.
    static Output php(String program, Path file) throws Exception {
        return run(List.of(
                program, "-d", "display_errors=0", "-d", "log_errors=0", "-d", "error_reporting=-1", file.toString()));
    }

    /// Runs a line as a user types it in the root of the tree, where `java` is this one.
    static Output shell(String line) throws Exception {
        var builder = new ProcessBuilder("sh", "-ec", line).directory(ROOT.toFile());
        builder.environment().merge("PATH", System.getProperty("java.home") + "/bin", (path, jdk) -> jdk + ":" + path);
        return run(builder);
    }

    static Output run(String... command) throws Exception {
        return run(List.of(command));
    }

    private static Output run(List<String> command) throws Exception {
        return run(new ProcessBuilder(command));
    }

    private static Output run(ProcessBuilder builder) throws Exception {
        builder.environment().put("LC_ALL", "C"); // what is printed is UTF-8 whatever the locale
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        Process process = builder.start();
        process.getOutputStream().close();
        var err = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(process.getErrorStream().readAllBytes(), UTF_8);
            } catch (IOException e) {
                return e.toString();
            }
        });
        var out = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Output(process.waitFor(), out, err.get());
    }

    /// What a user of the PHP face has on the class path.
    static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.matches(".*/(posix|socket|process|php)/target/.*"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
