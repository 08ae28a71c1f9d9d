package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.Platform;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Spawning more children than the user may have: the superuser has no such limit, so it takes somebody else.
class ProcessLimitTest {

    private static final String[] AS_NOBODY = {"setpriv", "--reuid=65534", "--clear-groups", "prlimit", "--nproc=60"};
    private static final int MORE_THAN_ALLOWED = 200;

    @TempDir
    Path folder;

    static final class Spawns {
        public static void main(String[] arguments) throws Exception {
            Talk.answer(sh("exit 0"));
            var children = new ArrayList<Child>();
            try {
                while (children.size() < MORE_THAN_ALLOWED) {
                    children.add(Command.of("cat").fd(0).stdout(Stdio.ignore()).spawn());
                }
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
            System.out.println(children() - children.size() + " more than were spawned");
            for (Child child : children) {
                child.close();
            }
            System.out.println(children() + " left");
            System.out.print(Talk.answer(sh("echo works again >&3")));
        }

        private static long children() {
            return ProcessHandle.current().children().count();
        }
    }

    @Test
    void one_child_too_many_is_a_clear_error_that_leaves_nothing() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only the superuser can become somebody else");
        Command command = Command.of(command());

        String said;
        try (Child child = command.fd(1).spawn()) {
            said = Talk.readToEnd(child.socket());
        }

        assertThat(said).endsWith("""
                        posix_spawn: cat: Resource temporarily unavailable (EAGAIN)
                        0 more than were spawned
                        0 left
                        works again
                        """);
    }

    /// Returns how to run the probe from a class path that everybody may read.
    private List<String> command() throws IOException, URISyntaxException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var classPath = new ArrayList<String>();
        for (Class<?> one : List.of(ProcessLimitTest.class, Command.class, StreamSocket.class, Platform.class)) {
            Path root = Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path copy = folder.resolve(classPath.size() + (Files.isDirectory(root) ? "" : ".jar"));
            copy(root, copy);
            classPath.add(copy.toString());
        }
        List<String> command =
                new ArrayList<>(JavaProbe.of(Spawns.class).under(AS_NOBODY).command());
        command.set(command.indexOf("-cp") + 1, String.join(":", classPath));
        return command;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = file.equals(from) ? to : to.resolve(from.relativize(file));
                Files.copy(file, target);
            }
        }
    }
}
