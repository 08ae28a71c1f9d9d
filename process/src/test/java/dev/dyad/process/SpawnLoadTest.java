package dev.dyad.process;

import static dev.dyad.process.Talk.answer;
import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many threads that start processes at once, in our way and in the JDK's.
@Timeout(600)
class SpawnLoadTest {

    private static final int THREADS = 8;
    private static final int SPAWNS = Boolean.getBoolean("dyad.long") ? 250 : 25;

    @Test
    void each_child_of_platform_threads_gets_its_descriptors_and_no_other() throws Exception {
        spawnAtOnce(Thread.ofPlatform().factory());
    }

    @Test
    void each_child_of_virtual_threads_gets_its_descriptors_and_no_other() throws Exception {
        spawnAtOnce(Thread.ofVirtual().factory());
    }

    private static void spawnAtOnce(ThreadFactory threads) throws Exception {
        try (var executor = Executors.newThreadPerTaskExecutor(threads)) {
            var tasks = new ArrayList<Future<Integer>>();
            for (int i = 0; i < THREADS; i++) {
                tasks.add(executor.submit(SpawnLoadTest::spawnMany));
            }
            for (Future<Integer> task : tasks) {
                assertThat(task.get()).isEqualTo(SPAWNS);
            }
        }
    }

    private static int spawnMany() throws IOException, InterruptedException {
        int done = 0;
        while (done < SPAWNS) {
            Process theirs = new ProcessBuilder("true").start(); // with three pipes that are not close-on-exec
            // 4 is the folder that the shell lists
            assertThat(answer(sh("printf '%s ' /proc/self/fd/* >&3").stdin(Stdio.ignore())))
                    .isEqualTo("/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3 /proc/self/fd/4 ");
            assertThat(theirs.waitFor()).isZero();
            close(theirs);
            done++;
        }
        return done;
    }

    private static void close(Process process) throws IOException {
        process.getOutputStream().close();
        process.getInputStream().close();
        process.getErrorStream().close();
    }
}
