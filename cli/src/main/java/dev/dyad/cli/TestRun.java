package dev.dyad.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One run of all tests: what Maven says goes into a log, and what of it a person wants to read is shown.
record TestRun(int exitCode, List<MavenLog.Module> modules, List<String> complaints, Path log) {

    /// Runs Maven, shows how far it is, and prints a line for each module that comes to its end.
    static TestRun of(Tree tree, List<String> arguments, int number, PrintStream out) throws Exception {
        Path folder = Files.createDirectories(tree.root().resolve("target/test"));
        Path log = folder.resolve("run-" + number + ".log");
        out.println("run " + number + ", the log is " + log);
        var read = new MavenLog();
        try (var writer = Files.newBufferedWriter(log)) {
            var progress = new Progress(out);
            int code = tree.maven(arguments, lines -> follow(lines, writer, read, tree, progress));
            progress.clear();
            return new TestRun(code, read.modules(), read.complaints(), log);
        }
    }

    private static void follow(BufferedReader lines, Writer log, MavenLog read, Tree tree, Progress progress)
            throws IOException {
        String line;
        while ((line = lines.readLine()) != null) {
            log.write(line + "\n");
            log.flush();
            String before = read.module();
            MavenLog.Module ended = read.line(line, TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
            if (ended != null) {
                progress.line(TestSummary.line(ended));
            }
            String now = read.module();
            if (now != null && !now.equals(before)) {
                progress.classes(classes(tree.root().resolve(now)));
            }
            progress.show(read);
        }
    }

    private static int classes(Path module) {
        if (!Files.isDirectory(module.resolve("src/test/java"))) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(module.resolve("src/test/java"))) {
            return (int)
                    files.filter(file -> file.toString().endsWith("Test.java")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where no test ran, because none has the name that was asked for, nothing has passed.
    boolean passed() {
        return exitCode == 0 && complaints.isEmpty() && failures().isEmpty() && tests() > 0;
    }

    List<MavenLog.Failure> failures() {
        return modules.stream().flatMap(module -> module.failures().stream()).toList();
    }

    int tests() {
        return modules.stream().mapToInt(MavenLog.Module::tests).sum();
    }

    /// The line of a terminal that says what runs now; nothing where the output is no terminal.
    private static final class Progress {

        private final PrintStream out;
        private final boolean terminal = isTerminal();
        private int classes;
        private String shown = "";

        Progress(PrintStream out) {
            this.out = out;
        }

        @SuppressWarnings("SystemConsoleNull") // it still is where a standard stream is no terminal
        private static boolean isTerminal() {
            Console console = System.console();
            return console != null && console.isTerminal();
        }

        void classes(int count) {
            classes = count;
        }

        void show(MavenLog read) {
            String now = read.where(classes);
            if (terminal && !now.equals(shown)) {
                out.print("\r\033[K" + now);
                out.flush();
                shown = now;
            }
        }

        void line(String line) {
            clear();
            out.println(line);
        }

        void clear() {
            if (!shown.isEmpty()) {
                out.print("\r\033[K");
                shown = "";
            }
            out.flush();
        }
    }
}
