package dev.dyad.php;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.NotInShortRuns;
import dev.dyad.harness.Sampled;
import dev.dyad.posix.Platform;
import dev.dyad.process.Command;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs that fork and were not started from a class path: from a source file, and from a module.
@Sampled
class ForkFromElsewhereTest {

    private static final String BOTH_ENDS = "child HELLO\nparent 0\n";

    @TempDir
    private Path folder = Path.of("");

    @Test
    @NotInShortRuns("a_source_program_of_several_files_and_packages_forks")
    void a_source_file_forks_lambdas_and_methods() throws Exception {
        write("program", """
                #!/usr/bin/env java
                import static dev.dyad.php.Pcntl.*;
                import static dev.dyad.php.Sockets.*;
                import dev.dyad.php.*;

                class Program {
                    static final String GREETING = "HELLO";

                    public static void main(String[] arguments) {
                        Socket[] pair = new Socket[2];
                        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair);
                        run(pcntl_fork(Program::child, pair), pair);
                        run(pcntl_fork(s -> { if (true) Nested.child(s); }, pair), pair);
                        var order = new Order("child ", 5);
                        run(pcntl_fork(s -> order.run(pair[0])), pair);
                    }

                    record Order(String words, int length) implements java.io.Serializable {
                        void run(Socket socket) {
                            echo(words + new String(socket_read(socket, length)) + "\\n");
                        }
                    }

                    static void run(int pid, Socket[] pair) {
                        socket_write(pair[1], GREETING);
                        var status = new Ref<Integer>();
                        pcntl_waitpid(pid, status);
                        echo("parent " + pcntl_wexitstatus(status.value) + "\\n");
                    }

                    static void child(Socket[] pair) {
                        echo("child " + new String(socket_read(pair[0], strlen(GREETING))) + "\\n");
                    }

                    static class Nested {
                        static void child(Socket[] pair) {
                            Program.child(pair);
                        }
                    }
                }
                """);

        assertThat(run(
                        "--class-path",
                        classes(),
                        "--source",
                        "25",
                        folder.resolve("program").toString()))
                .isEqualTo(BOTH_ENDS.repeat(3));
    }

    @Test
    void a_forked_child_of_a_source_file_forks() throws Exception {
        write("Program.java", """
                import static dev.dyad.php.Pcntl.*;
                import static dev.dyad.php.Sockets.*;
                import dev.dyad.php.*;

                class Program {
                    public static void main(String[] arguments) {
                        pcntl_fork(first -> {
                            pcntl_fork(second -> {
                                pcntl_fork(third -> echo("third\\n"));
                                pcntl_wait(new Ref<>());
                            });
                            pcntl_wait(new Ref<>());
                        });
                        pcntl_wait(new Ref<>());
                    }
                }
                """);

        assertThat(run("--class-path", classes(), folder.resolve("Program.java").toString()))
                .isEqualTo("third\n");
    }

    @Test
    void a_source_program_of_several_files_and_packages_forks() throws Exception {
        write("app/Main.java", """
                package app;

                import static dev.dyad.php.Pcntl.*;
                import static dev.dyad.php.Sockets.*;
                import app.part.Part;
                import dev.dyad.php.*;

                public class Main {
                    public static void main(String[] arguments) {
                        Socket[] pair = new Socket[2];
                        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair);
                        int pid = pcntl_fork(Part::child, pair);
                        socket_write(pair[1], "HELLO");
                        var status = new Ref<Integer>();
                        pcntl_waitpid(pid, status);
                        echo("parent " + pcntl_wexitstatus(status.value) + "\\n");
                    }
                }
                """);
        write("app/part/Part.java", """
                package app.part;

                import static dev.dyad.php.Pcntl.*;
                import static dev.dyad.php.Sockets.*;
                import dev.dyad.php.*;

                public class Part {
                    public static void child(Socket[] pair) {
                        echo("child " + new String(socket_read(pair[0], 5)) + "\\n");
                    }
                }
                """);

        assertThat(run(
                        "--class-path",
                        classes(),
                        folder.resolve("app/Main.java").toString()))
                .isEqualTo(BOTH_ENDS);
    }

    @Test
    @NotInShortRuns("a_source_program_of_several_files_and_packages_forks")
    void a_source_file_that_is_broken_by_then_is_an_error_of_the_child() throws Exception {
        write("Program.java", """
                import static dev.dyad.php.Pcntl.*;
                import static dev.dyad.php.Sockets.*;
                import dev.dyad.php.*;
                import java.nio.file.*;

                class Program {
                    public static void main(String[] arguments) throws Exception {
                        Files.writeString(Path.of(System.getProperty("jdk.launcher.sourcefile")), "class {}");
                        var status = new Ref<Integer>();
                        pcntl_waitpid(pcntl_fork(sockets -> {}), status);
                        echo("parent " + pcntl_wexitstatus(status.value) + "\\n");
                    }
                }
                """);

        assertThat(run("--class-path", classes(), folder.resolve("Program.java").toString()))
                .contains("java.io.IOException: the program does not compile any more")
                .endsWith("parent 255\n");
    }

    @Test
    void a_module_that_opens_its_package_forks() throws Exception {
        assertThat(runModule("opens user to dev.dyad.php;")).isEqualTo(BOTH_ENDS);
    }

    @Test
    void a_module_that_does_not_open_its_package_is_told_so_before_the_spawn() throws Exception {
        assertThat(runModule(""))
                .contains("dev.dyad.php.ValueError: pcntl_fork(): Argument #1 ($body) is in package user, which module"
                        + " user does not open to module dev.dyad.php: what helps is \"opens user to"
                        + " dev.dyad.php;\" in its module-info");
    }

    private String runModule(String opens) throws Exception {
        write("src/module-info.java", "module user { requires dev.dyad.php; " + opens + " }");
        write("src/user/Main.java", """
                package user;

                import static dev.dyad.php.Pcntl.*;
                import static dev.dyad.php.Sockets.*;
                import dev.dyad.php.*;

                class Main {
                    public static void main(String[] arguments) {
                        Socket[] pair = new Socket[2];
                        socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair);
                        int pid = pcntl_fork(sockets -> {
                            echo("child " + new String(socket_read(sockets[0], 5)) + "\\n");
                        }, pair);
                        socket_write(pair[1], "HELLO");
                        var status = new Ref<Integer>();
                        pcntl_waitpid(pid, status);
                        echo("parent " + pcntl_wexitstatus(status.value) + "\\n");
                    }
                }
                """);
        Path out = folder.resolve("out");
        int answer = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-d",
                        out.toString(),
                        "--module-path",
                        System.getProperty("jdk.module.path"),
                        folder.resolve("src/module-info.java").toString(),
                        folder.resolve("src/user/Main.java").toString());
        assertThat(answer).isZero();
        return run(
                "--enable-native-access=dev.dyad.posix",
                "--module-path",
                classes() + ":" + out,
                "--module",
                "user/user.Main");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /// Runs `java`, and returns what it and its children wrote.
    private static String run(String... arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (!List.of(arguments).contains("--module")) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).describedAs(output).isBetween(0, 1);
        return output;
    }

    /// Where our own classes are, as a class path or a module path.
    private static String classes() {
        return Stream.of(Sockets.class, Command.class, StreamSocket.class, Platform.class)
                .map(type ->
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .distinct()
                .collect(Collectors.joining(":"));
    }
}
