package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Await;
import dev.dyad.harness.NotInShortRuns;
import dev.dyad.harness.Sampled;
import dev.dyad.harness.TestLength;
import dev.dyad.process.Child;
import dev.dyad.process.Exit;
import dev.dyad.process.Stdio;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// The smallest child in each language: what it hears comes back, and it ends when it should.
@Sampled
@Timeout(120)
class ChildLanguageTest {

    private static final int MIB = 1 << 20;
    private static final int MOST = TestLength.of(6) * MIB + 4093;
    private static final int MOST_LINES = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    @ParameterizedTest
    @EnumSource
    void one_byte_comes_back_while_the_child_waits_for_more(ChildLanguage language) throws Exception {
        try (Child child = spawn(language)) {
            for (byte sent : new byte[] {0, '\n', -1}) {
                child.socket().write(ByteBuffer.wrap(new byte[] {sent}));

                assertThat(read(child.socket(), 1)).isEqualTo(new byte[] {sent});
            }
            child.socket().shutdownOutput();

            assertEnds(child);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_mebibyte_comes_back_with_both_directions_full(ChildLanguage language) throws Exception {
        assertComesBack(language, MIB);
    }

    @ParameterizedTest
    @EnumSource
    @NotInShortRuns("a_mebibyte_comes_back_with_both_directions_full")
    void much_comes_back_with_both_directions_full(ChildLanguage language) throws Exception {
        assertComesBack(language, MOST);
    }

    @ParameterizedTest
    @EnumSource
    void a_child_that_is_told_nothing_ends_at_once(ChildLanguage language) throws Exception {
        try (Child child = spawn(language)) {
            child.socket().shutdownOutput();

            assertEnds(child);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_child_that_nobody_hears_any_more_ends(ChildLanguage language) throws Exception {
        try (Child child = language.command(language.source(), folder)
                .stderr(Stdio.ignore())
                .spawn()) {
            child.socket().shutdownInput();
            child.socket().write(ByteBuffer.wrap(new byte[] {1}));

            assertThat(child.waitFor()).isEqualTo(language.brokenPipe());
        }
    }

    /// A child that half closes its end is heard to its end, and hears on; its exit code is how much that was.
    ///
    /// Not PHP and sh: they have no call that shuts down one direction of a descriptor.
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"PHP", "SH"})
    void a_child_that_has_no_more_to_say_still_hears(ChildLanguage language) throws Exception {
        Path source = Files.writeString(folder.resolve("half." + extension(language.source())), halfClosing(language));
        try (Child child = language.command(source, folder).spawn()) {
            assertThat(child.socket().read(ByteBuffer.allocate(1), Deadline.after(PATIENCE)))
                    .isEqualTo(-1);

            child.socket().write(ByteBuffer.allocate(42));
            child.socket().shutdownOutput();

            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(42));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PYTHON, 0", "PYTHON, 17", "PHP, 0", "PHP, 17", "NODE, 0", "NODE, 17", "RUBY, 0", "RUBY, 17",
        "PERL, 0", "PERL, 17", "C, 0", "C, 17", "GO, 0", "GO, 17", "SH, 0", "SH, 9",
    })
    void a_child_finds_its_end_under_any_number(ChildLanguage language, int fd) throws Exception {
        try (Child child = language.command(language.source(), folder).fd(fd).spawn()) {
            child.socket().write(UTF_8.encode("我是父級進程"));
            child.socket().shutdownOutput();

            assertThat(new String(read(child.socket(), 18), UTF_8)).isEqualTo("我是父級進程");
            assertEnds(child);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_child_is_short(ChildLanguage language) throws Exception {
        assertThat(Files.readAllLines(language.source())).hasSizeLessThan(MOST_LINES);
    }

    /// What the example in Java says of closing its channel.
    @Test
    void closing_the_channel_that_a_jvm_inherits_silences_its_stdout_and_stderr() throws Exception {
        Path source = Files.writeString(folder.resolve("Closing.java"), """
                import java.nio.channels.SocketChannel;
                import java.nio.file.Files;
                import java.nio.file.Path;

                public final class Closing {
                    public static void main(String[] arguments) throws Exception {
                        var parent = (SocketChannel) System.inheritedChannel();
                        System.out.println("before");
                        parent.close();
                        System.out.println("after");
                        System.err.println("after");
                        for (int fd = 0; fd < 3; fd++) {
                            if (!Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).equals(Path.of("/dev/null"))) {
                                System.exit(1);
                            }
                        }
                        System.exit(System.out.checkError() ? 2 : 0);
                    }
                }
                """);
        try (var stdout = SocketPair.stream();
                var stderr = SocketPair.stream();
                Child child = ChildLanguage.JAVA
                        .command(source, folder)
                        .with(1, stdout.left())
                        .with(2, stderr.left())
                        .spawn()) {
            stdout.left().close();
            stderr.left().close();

            assertThat(read(stdout.right(), 100)).startsWith("before\n\0".getBytes(UTF_8));
            assertThat(read(stderr.right(), 1)).containsExactly(0);
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }

    private static Child spawn(ChildLanguage language) throws Exception {
        return language.command(language.source(), folder).spawn();
    }

    /// Reads only when the writer has to wait: when both directions are full, or everything is on its way.
    private static void assertComesBack(ChildLanguage language, int size) throws Exception {
        var sent = new byte[size];
        new Random(size).nextBytes(sent);
        try (Child child = spawn(language)) {
            StreamSocket end = child.socket();
            var writing = new FutureTask<Integer>(() -> {
                int written = end.write(ByteBuffer.wrap(sent));
                end.shutdownOutput();
                return written;
            });
            Thread.ofPlatform().start(writing);
            Await.until(() -> end.waiters() > 0 || writing.isDone(), PATIENCE);

            assertThat(checksumToEnd(end)).isEqualTo(checksum(ByteBuffer.wrap(sent)));
            assertThat(writing.get()).isEqualTo(size);
            assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
        }
    }

    private static void assertEnds(Child child) throws Exception {
        assertThat(child.socket().read(ByteBuffer.allocate(1), Deadline.after(PATIENCE)))
                .isEqualTo(-1);
        assertThat(child.waitFor()).isEqualTo(new Exit.Exited(0));
    }

    /// Reads so many bytes, with zeros for those that did not come before the end.
    private static byte[] read(StreamSocket end, int size) throws IOException {
        var heard = ByteBuffer.allocate(size);
        while (heard.hasRemaining() && end.read(heard, Deadline.after(PATIENCE)) >= 0) {
            // until it is complete
        }
        return heard.array();
    }

    private static long checksumToEnd(StreamSocket end) throws IOException {
        var sum = new CRC32C();
        ByteBuffer heard = ByteBuffer.allocateDirect(MIB);
        while (end.read(heard.clear(), Deadline.after(PATIENCE)) >= 0) {
            sum.update(heard.flip());
        }
        return sum.getValue();
    }

    private static long checksum(ByteBuffer bytes) {
        var sum = new CRC32C();
        sum.update(bytes);
        return sum.getValue();
    }

    private static String extension(Path source) {
        String name = source.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static String halfClosing(ChildLanguage language) {
        return switch (language) {
            case PYTHON -> """
                    import socket
                    parent = socket.socket(fileno=3)
                    parent.shutdown(socket.SHUT_WR)
                    heard = 0
                    while parent.recv(1):
                        heard += 1
                    raise SystemExit(heard)
                    """;
            case NODE -> """
                    import { Socket } from 'node:net';
                    const parent = new Socket({ fd: 3, allowHalfOpen: true });
                    let heard = 0;
                    parent.on('data', (piece) => { heard += piece.length; });
                    parent.on('end', () => process.exit(heard));
                    parent.end();
                    """;
            case RUBY -> """
                    require 'socket'
                    parent = UNIXSocket.for_fd(3)
                    parent.close_write
                    exit parent.read.size
                    """;
            case PERL -> """
                    open my $parent, '+<&=', 3;
                    shutdown $parent, 1;
                    my $heard = 0;
                    $heard++ while sysread $parent, my $byte, 1;
                    exit $heard;
                    """;
            case JAVA -> """
                    import java.nio.ByteBuffer;
                    import java.nio.channels.SocketChannel;

                    final class Half {
                        public static void main(String[] arguments) throws Exception {
                            var parent = (SocketChannel) System.inheritedChannel();
                            parent.shutdownOutput();
                            int heard = 0;
                            while (parent.read(ByteBuffer.allocate(1)) > 0) {
                                heard++;
                            }
                            System.exit(heard);
                        }
                    }
                    """;
            case C -> """
                    #include <sys/socket.h>
                    #include <unistd.h>
                    int main(void) {
                        char byte;
                        int heard = 0;
                        shutdown(3, SHUT_WR);
                        while (read(3, &byte, 1) == 1) {
                            heard++;
                        }
                        return heard;
                    }
                    """;
            case GO -> """
                    package main

                    import (
                    \t"os"
                    \t"syscall"
                    )

                    func main() {
                    \theard := 0
                    \tsyscall.Shutdown(3, syscall.SHUT_WR)
                    \tfor n, _ := syscall.Read(3, make([]byte, 1)); n == 1; n, _ = syscall.Read(3, make([]byte, 1)) {
                    \t\theard++
                    \t}
                    \tos.Exit(heard)
                    }
                    """;
            case PHP, SH -> throw new IllegalArgumentException(language + " has no such call");
        };
    }
}
