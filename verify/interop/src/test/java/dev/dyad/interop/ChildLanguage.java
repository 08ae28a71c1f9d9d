package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A language in which `children/` has a child that says back what it hears, and a worker that answers messages.
enum ChildLanguage {
    PYTHON("echo.py", "worker.py"),
    PHP("echo.php", "worker.php"),
    NODE("echo.mjs", "worker.mjs"),
    RUBY("echo.rb", "worker.rb"),
    PERL("echo.pl", "worker.pl"),
    SH("echo.sh", "worker.sh"),
    JAVA("Echo.java", "Worker.java"),
    C("echo.c", "worker.c"),
    GO("echo.go", "worker.go");

    private static final int SIGPIPE = 13;

    private final String echo;
    private final String worker;

    ChildLanguage(String echo, String worker) {
        this.echo = echo;
        this.worker = worker;
    }

    /// Returns the child's source.
    Path source() {
        return inChildren(echo);
    }

    /// Returns the worker's source.
    Path worker() {
        return inChildren(worker);
    }

    /// Returns a file of `children/`.
    static Path inChildren(String file) {
        return PhpRuns.ROOT.resolve("children").resolve(file);
    }

    /// Returns where the child finds its end: a JVM without Dyad knows of no other than 0.
    int fd() {
        return this == JAVA ? 0 : 3;
    }

    /// Returns how a child ends that writes although nobody will read.
    Exit brokenPipe() {
        return switch (this) {
            case C, PERL, SH -> new Exit.Signaled(SIGPIPE, false);
            default -> new Exit.Exited(1);
        };
    }

    /// Returns a command that runs the child, or what a test has written in its language.
    ///
    /// @param folder where a program that must be compiled goes
    Command command(Path source, Path folder) throws Exception {
        return Command.of(words(source, folder)).fd(fd());
    }

    private List<String> words(Path source, Path folder) throws Exception {
        String text = source.toString();
        return switch (this) {
            case PYTHON -> List.of(here("python3"), text);
            case PHP -> List.of(here("php"), text);
            case NODE -> List.of(here("node"), text);
            case RUBY -> List.of(here("ruby"), text);
            case PERL -> List.of(here("perl"), text);
            case SH -> List.of(here("sh"), text);
            case JAVA ->
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1", // so that javac takes less time
                        text);
            case C -> List.of(compiled(source, folder, here("cc"), "-Wall", "-Wextra", "-Werror", "-o"));
            case GO -> List.of(compiled(source, folder, here("go"), "build", "-o"));
        };
    }

    private static String here(String program) {
        Interpreters.require(program);
        return program;
    }

    private static String compiled(Path source, Path folder, String... compiler) throws Exception {
        String executable = folder.resolve(source.getFileName() + ".out").toString();
        if (!Files.exists(Path.of(executable))) {
            var words = new ArrayList<>(List.of(compiler));
            words.add(executable);
            words.add(source.toString());
            var building = new ProcessBuilder(words).inheritIO();
            building.environment().put("GOCACHE", folder.resolve("cache").toString());
            assertThat(building.start().waitFor()).isZero();
        }
        return executable;
    }
}
