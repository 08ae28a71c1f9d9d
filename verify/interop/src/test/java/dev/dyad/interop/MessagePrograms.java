package dev.dyad.interop;

import dev.dyad.process.Command;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Java programs of one file that use `dev.dyad.message` and `dev.dyad.worker`.
final class MessagePrograms {

    private MessagePrograms() {}

    /// Returns the words that start one, before its file: `java` and its options.
    static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--class-path",
                classPath());
    }

    /// Returns the command that runs one.
    static Command command(Path file, String... arguments) {
        var words = new ArrayList<>(java());
        words.add(file.toString());
        words.addAll(List.of(arguments));
        return Command.of(words);
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.matches(".*/(posix|socket|process|message|worker)/(main|target/.*)"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
