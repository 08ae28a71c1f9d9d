package dev.dyad.process;

import static dev.dyad.process.Talk.answer;
import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.process.Spawn.Surplus;
import dev.dyad.socket.SocketPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What only the run with `-Ddyad.spawn=cloexec` shows.
@Tag("fallback")
class FallbackTest {

    private static final int THREADS = 4;
    private static final int SPAWNS = 25;

    @TempDir
    Path folder;

    @Test
    void it_is_the_one_that_runs() {
        assertThat(Surplus.CHOSEN).isEqualTo(Surplus.CLOSE_ON_EXEC);
    }

    @Test
    void a_child_gets_its_descriptors_and_none_of_the_jdks() throws Exception {
        try (var pair = SocketPair.stream();
                var file = Files.newByteChannel(Files.createTempFile(folder, "open", ""))) {
            assertThat(file.isOpen()).isTrue();
            assertThat(answer(sh("printf '%s ' /proc/self/fd/* >&3")
                            .with(6, pair.left())
                            .with(9, pair.right())))
                    .isEqualTo("/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3 /proc/self/fd/4"
                            + " /proc/self/fd/6 /proc/self/fd/9 ");
        }
    }

    @Test
    void children_that_are_spawned_at_once_get_none_of_each_others() throws Exception {
        try (var executor =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            var tasks = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < THREADS; i++) {
                tasks.add(executor.submit(() -> {
                    for (int n = 0; n < SPAWNS; n++) {
                        assertThat(answer(sh("printf '%s ' /proc/self/fd/* >&3")))
                                .isEqualTo("/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3"
                                        + " /proc/self/fd/4 ");
                    }
                    return true;
                }));
            }
            for (Future<Boolean> task : tasks) {
                assertThat(task.get()).isTrue();
            }
        }
    }
}
