package dev.dyad.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dyad.harness.Await;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked // what is not there fails the test
@Timeout(60)
class OutOfMemoryTest {

    private static final long PID = 4711;
    private static final String HUNGRY = """
            import os
            if os.read(3, 5):
                rows = [bytearray(1 << 20) for _ in range(256)]
            """;

    @TempDir
    private Path system;

    private void group(String lines) throws IOException {
        write("proc/" + PID + "/cgroup", lines);
    }

    private void write(String file, String text) throws IOException {
        Path path = system.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private long count() {
        return OutOfMemoryKills.inGroupOf(PID, system).count();
    }

    @Test
    void the_group_of_a_process_counts() throws Exception {
        group("0::/user.slice/session\n");
        write("sys/fs/cgroup/user.slice/session/memory.events", """
                low 0
                oom 5
                oom_kill 3
                oom_group_kill 1
                """);

        assertThat(count()).isEqualTo(3);
    }

    @Test
    void the_group_of_version_1_counts_where_the_other_does_not_limit_memory() throws Exception {
        group("""
                4:cpu,memory:/jobs
                1:memoryless:/
                0::/
                """);
        write("sys/fs/cgroup/memory/jobs/memory.oom_control", """
                oom_kill_disable 0
                under_oom 0
                oom_kill 2
                """);

        assertThat(count()).isEqualTo(2);
    }

    @Test
    void nothing_is_counted_where_nothing_can_be_seen() throws Exception {
        assertThat(count()).isZero();

        group("0::/../elsewhere\nno line of ours\n");
        assertThat(count()).isZero();
    }

    @Test
    void a_child_that_the_kernel_kills_for_its_memory_is_told_from_others() throws Exception {
        Path group = groupOfOurOwn();
        try (Child child = Command.of("python3", "-c", HUNGRY).spawn()) {
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(child.pid()));
            try (MessageChannel channel = MessageChannel.to(child, Wire.framed())) {
                channel.send(ByteBuffer.allocate(1));

                assertThatExceptionOfType(ChannelClosedException.class)
                        .isThrownBy(channel::receive)
                        .satisfies(e -> assertThat(e.closed()).isInstanceOf(Closed.ChildEnded.class))
                        .satisfies(e -> assertThat(((Closed.ChildEnded) e.closed()).outOfMemory())
                                .isTrue())
                        .withMessageContaining("no memory was left");
            }
        } finally {
            Await.until(() -> group.toFile().delete(), Duration.ofSeconds(10));
        }
    }

    @Test
    void a_child_that_somebody_kills_has_not_run_out_of_memory() throws Exception {
        try (Child child = Command.of("sh", "-c", "kill -9 $$").spawn();
                MessageChannel channel = MessageChannel.to(child, Wire.framed())) {
            assertThatExceptionOfType(ChannelClosedException.class)
                    .isThrownBy(channel::receive)
                    .satisfies(e -> assertThat(((Closed.ChildEnded) e.closed()).outOfMemory())
                            .isFalse());
        }
    }

    /// Makes a control group with 64 MiB of memory, where this user may.
    private static Path groupOfOurOwn() throws IOException {
        Path version1 = Path.of("/sys/fs/cgroup/memory");
        boolean isFirst = Files.isDirectory(version1);
        Path group = (isFirst ? version1 : Path.of("/sys/fs/cgroup"))
                .resolve("dyad-test-" + ProcessHandle.current().pid());
        assumeTrue(group.toFile().mkdir(), "this user may make no control group");
        Path limit = group.resolve(isFirst ? "memory.limit_in_bytes" : "memory.max");
        boolean limited = false;
        try {
            assumeTrue(Files.isWritable(limit), "no limit can be set on memory");
            Files.writeString(limit, Long.toString(64 << 20));
            limited = true;
        } finally {
            assertThat(limited || group.toFile().delete()).isTrue();
        }
        return group;
    }
}
