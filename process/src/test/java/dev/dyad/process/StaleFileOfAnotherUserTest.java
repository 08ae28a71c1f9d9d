package dev.dyad.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.harness.Superuser;
import dev.dyad.socket.Listener;
import dev.dyad.socket.UnixAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// In a folder like `/tmp`, users cannot delete each other's files.
@Timeout(60)
class StaleFileOfAnotherUserTest {

    private static final int NOBODY = 65534;

    @TempDir
    private Path classes;

    @TempDir
    private Path folder;

    private Path socket;
    private Path lock;

    /// Says how it goes.
    static final class Takes {
        public static void main(String[] arguments) {
            try (var _ = Listener.streamReplacingStale(UnixAddress.of(Path.of(arguments[0])))) {
                System.out.print("listens");
            } catch (IOException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    @BeforeEach
    void makeStale() throws IOException {
        Superuser.require();
        Files.setAttribute(folder, "unix:mode", 01777);
        socket = folder.resolve("socket");
        lock = folder.resolve("socket.lock");
        Listener.stream(UnixAddress.of(socket)).close();
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @Test
    void who_may_not_delete_it_leaves_no_lock_that_keeps_its_owner_out() throws Exception {
        Files.setAttribute(socket, "unix:uid", 1);

        assertThat(saidByNobody()).startsWith("unlink: ").contains("EPERM");

        assertThat(socket).exists();
        assertThat(lock).doesNotExist();
    }

    @Test
    void whose_the_lock_is_that_keeps_its_owner_out_is_told() throws Exception {
        Files.setAttribute(socket, "unix:uid", NOBODY);
        Path _ = Files.createFile(
                lock, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));

        assertThat(saidByNobody()).startsWith("open: ").contains("EACCES", lock + ", the lock of the user 0");

        assertThat(socket).exists();
    }

    private String saidByNobody() throws Exception {
        var words = new ArrayList<>(OtherUser.nobody());
        words.addAll(OtherUser.command(JavaProbe.of(Takes.class, socket.toString()), classes));
        return Command.of(words).output().text();
    }
}
