package dev.dyad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.posix.Faults;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is found out about a file may be otherwise a moment later.
@Timeout(60)
class StaleFileFaultsTest {

    @TempDir
    private Path folder;

    @Test
    void what_seemed_stale_is_looked_at_again_under_the_lock() throws Exception {
        var address = UnixAddress.of(folder.resolve("socket"));
        try (var live = Listener.stream(address)) {
            Faults.watch();
            assertThatThrownBy(() -> takeOver(address)).isInstanceOf(SystemCallException.class);
            int first = Faults.end().indexOf("connect");

            Faults.refuse(first, "connect", Errno.ECONNREFUSED.code());
            assertThatThrownBy(() -> takeOver(address))
                    .isInstanceOfSatisfying(
                            SystemCallException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE));
            List<String> calls = Faults.end();

            assertThat(calls)
                    .containsSubsequence("connect", "flock", "connect", "unlink")
                    .containsOnlyOnce("unlink");
            assertThat(folder.resolve("socket.lock")).doesNotExist(); // which is what was deleted
            try (var client = StreamSocket.open(address);
                    var server = live.accept(Stage.soon())) {
                StreamStage.assertUsable(client, server);
            }
        }
    }

    private static void takeOver(UnixAddress address) throws Exception {
        Listener.streamReplacingStale(address).close();
    }
}
